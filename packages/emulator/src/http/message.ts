/** A request as the routes see it: whole, read to its end, and independent of node:http. */
export interface ServerRequest {
  readonly method: string;
  /** Absolute; its origin is what the client called the server in the Host header. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The name that the client asked for in its TLS handshake (SNI); `undefined` without one. */
  readonly serverName: string | undefined;
}

/** What a route answers. A body that is an object is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** `undefined` for text that is no JSON, or JSON that is no object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of an `application/x-www-form-urlencoded` body; `undefined` for any other content type. */
export function parseForm(request: ServerRequest): URLSearchParams | undefined {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/x-www-form-urlencoded") return undefined;
  return new URLSearchParams(request.body);
}

/** The first field that is there more than once. */
export function findDuplicate(form: URLSearchParams): string | undefined {
  return [...form.keys()].find((name) => form.getAll(name).length > 1);
}

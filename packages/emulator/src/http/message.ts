/** A request with its complete body, independent of node:http. */
export interface ServerRequest {
  readonly method: string;
  /** Absolute URL; its origin is from the Host header. */
  readonly url: URL;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server name of the TLS handshake (SNI); `undefined` without one. */
  readonly serverName: string | undefined;
}

/** The response of a route. An object is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | JsonObject;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** `undefined` for text that is not a JSON object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The fields of an `application/x-www-form-urlencoded` body; `undefined` for any other content
 * type.
 */
export function parseForm(request: ServerRequest): URLSearchParams | undefined {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/x-www-form-urlencoded") return undefined;
  return new URLSearchParams(request.body);
}

/** The first duplicate field. */
export function findDuplicate(form: URLSearchParams): string | undefined {
  return [...form.keys()].find((name) => form.getAll(name).length > 1);
}

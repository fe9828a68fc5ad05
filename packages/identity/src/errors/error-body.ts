/** What Entra or a host said about a refusal. */
export interface ErrorResponse {
  /** The OAuth error word, e.g. `invalid_client` (RFC 6749, section 5.2). */
  error: string;
  /** The text about it, for people. */
  errorDescription: string;
  /** AADSTS numbers, e.g. `7000215`. */
  errorCodes?: number[];
  /** When Entra wrote it, in its own format. */
  timestamp?: string;
  /** Entra's id of the request, which its support asks for. */
  traceId?: string;
  /** The id under which the request was sent. */
  correlationId?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The JSON object in a text; `undefined`: it is something else. */
function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** From the names of OAuth to those of the Azure SDKs. */
function fromOAuth(body: Fields): ErrorResponse {
  return {
    error: body.error as string,
    errorDescription: body.error_description as string,
    correlationId: body.correlation_id as string | undefined,
    errorCodes: body.error_codes as number[] | undefined,
    timestamp: body.timestamp as string | undefined,
    traceId: body.trace_id as string | undefined,
  };
}

/** Reads the body of an error response: an OAuth error as object or text, or any other text. */
export function readErrorBody(statusCode: number, body: object | string | null | undefined): ErrorResponse {
  if (typeof body === "string") {
    const fields = parseObject(body);
    if (fields !== undefined) return fromOAuth(fields);
    return statusCode === 400
      ? { error: "invalid_request", errorDescription: `The request was called invalid.\n\n${body}` }
      : { error: "unknown_error", errorDescription: `The response is not an OAuth error.\n\n${body}` };
  }
  const fields = (body ?? {}) as Fields;
  if (typeof fields.error === "string" && typeof fields.error_description === "string") return fromOAuth(fields);
  return { error: "unknown_error", errorDescription: "An unknown error: no additional details are available." };
}

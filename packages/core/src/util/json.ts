/** Whether a value is what JSON calls an object. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the error would quote the text
  }
}

/** Parses a JSON object; `undefined` for any other text. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parse(text);
  return isJsonObject(value) ? value : undefined;
}

/** Parses a JSON array; `undefined` for any other text. */
export function parseJsonList(text: string): readonly unknown[] | undefined {
  const value = parse(text);
  return Array.isArray(value) ? value : undefined;
}

/** Characters of the longest token that is decoded. */
const maxLength = 65_536;

/**
 * The payload of a JSON web token; `undefined` for any other text, such as an opaque token. The
 * signature is not checked: for display and plausibility only.
 */
export function jwtPayload(token: string): Readonly<Record<string, unknown>> | undefined {
  const part = token.length > maxLength ? undefined : token.split(".")[1];
  return part === undefined ? undefined : parseJsonObject(Buffer.from(part, "base64url").toString("utf8"));
}

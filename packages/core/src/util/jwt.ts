import { parseJsonObject } from "./json.ts";

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

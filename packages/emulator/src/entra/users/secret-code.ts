import { randomBytes } from "node:crypto";

/** Nobody can guess it. */
export function secretCode(): string {
  return randomBytes(24).toString("base64url");
}

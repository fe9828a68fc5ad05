import { randomBytes } from "node:crypto";

/** A random code of 192 bits. */
export function secretCode(): string {
  return randomBytes(24).toString("base64url");
}

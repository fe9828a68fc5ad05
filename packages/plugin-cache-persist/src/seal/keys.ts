import type { KeyObject } from "node:crypto";
import { outcomeError } from "@azidentity/core/plugin";

/** Bytes of an AES-256 key. */
export const keyBytes = 32;

/** A key that seals entries. The name is stored with each entry, and does not reveal the key. */
export interface Key {
  readonly name: Uint8Array;
  /** A `KeyObject`: with the bare bytes each cipher would take three times as long. */
  readonly secret: KeyObject;
}

/** The first key seals; all of them open. */
export type Keys = readonly [Key, ...Key[]];

function nameOf(bytes: Uint8Array): Uint8Array {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update("azidentity key name\0").update(bytes).digest().subarray(0, 8);
}

function decode(text: string): Uint8Array | undefined {
  const plain = text.trim();
  if (/^[0-9a-f]{64}$/i.test(plain)) return Buffer.from(plain, "hex");
  return /^[\w+/-]{43}=?$/.test(plain) ? Buffer.from(plain, "base64") : undefined;
}

/** Reads a key: 32 bytes, or their base64 or hex text. The error does not contain it. */
export function readKey(value: unknown): Key {
  const bytes = typeof value === "string" ? decode(value) : value;
  if (bytes instanceof Uint8Array && bytes.length === keyBytes) {
    return { name: nameOf(bytes), secret: process.getBuiltinModule("node:crypto").createSecretKey(bytes) };
  }
  throw outcomeError("misconfigured", "The key of the token store is not 32 bytes in base64 or hex.", {
    code: "invalid-store-key",
    remedy: "Generate one with: openssl rand -base64 32",
  });
}

/** Whether `readKey` accepts the text. */
export function isKey(text: string): boolean {
  return decode(text)?.length === keyBytes;
}

export function generateKey(): string {
  return process.getBuiltinModule("node:crypto").randomBytes(keyBytes).toString("base64");
}

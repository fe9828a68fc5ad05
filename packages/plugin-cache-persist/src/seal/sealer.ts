import type { Key, Keys } from "./keys.ts";

/** Why bytes cannot be opened as an entry. */
export type Unreadable = "truncated" | "of another version" | "sealed with another key" | "altered or moved";

/** What a store keeps under one key. */
export interface Entry {
  /** The key, as the store got it. */
  readonly key: string;
  /** The value, in plain text. */
  readonly value: Uint8Array;
  /** Milliseconds since 1970-01-01 UTC; `undefined`: the entry does not expire. */
  readonly expiresOnTimestamp: number | undefined;
}

/** Encrypts and authenticates the entries of one cache. */
export interface Sealer {
  /** Names of the keys that open entries, in hex. */
  readonly keyNames: readonly string[];
  /**
   * Name under which an entry is stored: a hash, valid in file systems and in Redis, unique to the
   * cache and key.
   */
  slotOf(key: string): string;
  /** The encrypted entry, with a header that names its key and its expiry. */
  seal(entry: Entry): Uint8Array;
  /** Returns the entry that was sealed for this slot, or why the bytes are not it. */
  open(slot: string, sealed: Uint8Array): Entry | Unreadable;
}

/**
 * Version of the entry format. It is part of folder names and Redis keys, so that versions of this
 * package with different formats can run side by side without touching each other's entries.
 */
export const formatVersion = 1;

/*
 * Layout of a sealed entry, with offsets in bytes:
 *    0  magic and version      12  expiry, milliseconds as a double (0: never)
 *    4  name of the key (8)    20  nonce (12)
 *   32  tag (16)               48  ciphertext: length of the key, key, value
 * The first 20 bytes, the slot and the cache are authenticated, so an entry cannot be moved,
 * prolonged, or attributed to another key.
 */
const magic = Buffer.from(`AZC${formatVersion}`);
const at = { keyName: 4, expiry: 12, nonce: 20, tag: 32, text: 48 } as const;
const algorithm = "aes-256-gcm";

/**
 * Expiry in the header, which is not verified; `undefined`: never, or the bytes are not an entry.
 */
export function claimedExpiry(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < at.nonce || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return bytes.readDoubleBE(at.expiry) || undefined;
}

/**
 * Name of the key in the header, in hex, which is not verified; `undefined`: the bytes are not an
 * entry.
 */
export function claimedKey(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < at.nonce || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return bytes.toString("hex", at.keyName, at.expiry);
}

/** How many bytes `claimedExpiry` and `claimedKey` need. */
export const headBytes: number = at.nonce;

function sealWith(
  { name, secret }: Key,
  associatedData: string,
  { key, value, expiresOnTimestamp }: Entry,
): Uint8Array {
  const { createCipheriv, randomFillSync } = process.getBuiltinModule("node:crypto");
  const keyText = Buffer.from(key);
  const sealed = Buffer.alloc(at.text + 4 + keyText.length + value.length);
  magic.copy(sealed);
  sealed.set(name, at.keyName);
  sealed.writeDoubleBE(expiresOnTimestamp ?? 0, at.expiry);
  randomFillSync(sealed, at.nonce, at.tag - at.nonce);
  const text = sealed.subarray(at.text);
  text.writeUInt32BE(keyText.length);
  keyText.copy(text, 4);
  text.set(value, 4 + keyText.length);
  const cipher = createCipheriv(algorithm, secret, sealed.subarray(at.nonce, at.tag));
  cipher.setAAD(Buffer.concat([sealed.subarray(0, at.nonce), Buffer.from(associatedData)]));
  cipher.update(text).copy(text);
  cipher.final();
  cipher.getAuthTag().copy(sealed, at.tag);
  return sealed;
}

function openWith({ secret }: Key, associatedData: string, sealed: Buffer): Entry | Unreadable {
  const { createDecipheriv } = process.getBuiltinModule("node:crypto");
  const decipher = createDecipheriv(algorithm, secret, sealed.subarray(at.nonce, at.tag), { authTagLength: 16 });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, at.nonce), Buffer.from(associatedData)]));
  decipher.setAuthTag(sealed.subarray(at.tag, at.text));
  const text = decipher.update(sealed.subarray(at.text));
  try {
    decipher.final();
  } catch {
    return "altered or moved";
  }
  const end = 4 + text.readUInt32BE(0);
  const expiresOnTimestamp = sealed.readDoubleBE(at.expiry) || undefined;
  return { key: text.toString("utf8", 4, end), value: text.subarray(end), expiresOnTimestamp };
}

export function createSealer(keys: Keys, cache: string): Sealer {
  const slotOf = (key: string) =>
    process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify(["azidentity entry", cache, key]), "hex");
  const associatedDataOf = (slot: string) => `${slot} ${cache}`;
  return {
    keyNames: keys.map(({ name }) => Buffer.from(name).toString("hex")),
    slotOf,
    seal: (entry) => sealWith(keys[0], associatedDataOf(slotOf(entry.key)), entry),
    open(slot, bytes) {
      const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (sealed.length < at.text + 4) return "truncated";
      if (!sealed.subarray(0, magic.length).equals(magic)) return "of another version";
      const key = keys.find(({ name }) => sealed.subarray(at.keyName, at.expiry).equals(name));
      if (key === undefined) return "sealed with another key";
      return openWith(key, associatedDataOf(slot), sealed);
    },
  };
}

import type { Key, Keys } from "./keys.ts";

/** Why bytes are not an entry of ours. */
export type Unreadable = "truncated" | "of another version" | "sealed with another key" | "altered or moved";

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly expiresOnTimestamp: number | undefined;
}

/** Seals the entries of one cache, and opens them. */
export interface Sealer {
  /** Names of the keys that open entries, in hex. */
  readonly keyNames: readonly string[];
  /** Where an entry lies: a name that fits file systems and Redis, different for every cache and key. */
  slotOf(key: string): string;
  seal(entry: Entry): Uint8Array;
  /** The entry that was sealed for this slot, or why there is none. */
  open(slot: string, sealed: Uint8Array): Entry | Unreadable;
}

/**
 * Of what is sealed and where it lies. Stores have it in the names of their places, so that another version of this package, older or newer,
 * has its own beside ours, and neither spoils an entry of the other.
 */
export const formatVersion = 1;

/*
 * What is sealed, with its offsets in bytes:
 *    0  magic and version      12  expiry, milliseconds as a double (0: never)      32  tag (16)
 *    4  name of the key (8)    20  nonce (12)                                       48  ciphertext: length of the key, key, value
 * The first 20 bytes, the slot and the cache are authenticated, so nobody moves an entry, prolongs it or claims another key for it.
 */
const magic = Buffer.from(`AZC${formatVersion}`);
const at = { keyName: 4, expiry: 12, nonce: 20, tag: 32, text: 48 } as const;
const algorithm = "aes-256-gcm";

/** When sealed bytes expire by their own word, without a look inside; `undefined`: never, or they are nothing of ours. */
export function claimedExpiry(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < at.nonce || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return bytes.readDoubleBE(at.expiry) || undefined;
}

/** Name of the key that sealed bytes, by their own word, in hex; `undefined`: they are nothing of ours. */
export function claimedKey(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < at.nonce || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return bytes.toString("hex", at.keyName, at.expiry);
}

/** How many bytes `claimedExpiry` and `claimedKey` want. */
export const headBytes: number = at.nonce;

function sealWith({ name, secret }: Key, place: string, { key, value, expiresOnTimestamp }: Entry): Uint8Array {
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
  cipher.setAAD(Buffer.concat([sealed.subarray(0, at.nonce), Buffer.from(place)]));
  cipher.update(text).copy(text);
  cipher.final();
  cipher.getAuthTag().copy(sealed, at.tag);
  return sealed;
}

function openWith({ secret }: Key, place: string, sealed: Buffer): Entry | Unreadable {
  const { createDecipheriv } = process.getBuiltinModule("node:crypto");
  const decipher = createDecipheriv(algorithm, secret, sealed.subarray(at.nonce, at.tag), { authTagLength: 16 });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, at.nonce), Buffer.from(place)]));
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
  const placeOf = (slot: string) => `${slot} ${cache}`;
  return {
    keyNames: keys.map(({ name }) => Buffer.from(name).toString("hex")),
    slotOf,
    seal: (entry) => sealWith(keys[0], placeOf(slotOf(entry.key)), entry),
    open(slot, given) {
      const sealed = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (sealed.length < at.text + 4) return "truncated";
      if (!sealed.subarray(0, magic.length).equals(magic)) return "of another version";
      const key = keys.find(({ name }) => sealed.subarray(at.keyName, at.expiry).equals(name));
      if (key === undefined) return "sealed with another key";
      return openWith(key, placeOf(slot), sealed);
    },
  };
}

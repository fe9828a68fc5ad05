// as an import, it would load all that it exports, Web Crypto among it: 2 MB for as long as the
// relay runs
const crypto = () => process.getBuiltinModule("node:crypto");

/** A client and the key that it shows. */
export interface ClientKey {
  readonly name: string;
  readonly key: string;
}

/** 256 random bits, visible ASCII. */
export const createKey = (): string => crypto().randomBytes(32).toString("base64url");

/** Keys of a file are at least as long as 128 bits in hexadecimal. */
export const minKeyLength = 32;

const digest = (text: string) => crypto().createHash("sha256").update(text).digest();

/**
 * Finds the client of a key in a time that depends neither on the key nor on which client it is:
 * hashes are compared, all of them. The keys themselves are not kept.
 */
export function createKeyCheck(clients: readonly ClientKey[]): (key: string) => string | undefined {
  const known = clients.map(({ name, key }) => ({ name, hash: digest(key) }));
  const { timingSafeEqual } = crypto();
  return (key) => {
    const hash = digest(key);
    let found: string | undefined;
    for (const one of known) if (timingSafeEqual(one.hash, hash)) found = one.name;
    return found;
  };
}

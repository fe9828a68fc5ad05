import { type IdentityError, outcomeError, quote, redact } from "@azidentity/core/plugin";
import { generateKey, isKey } from "../seal/keys.ts";
import { passesSelfTest } from "../storage-checks.ts";
import type { KeyLocation } from "./key-location.ts";
import { type KeyStore, keyringNames, missingFlag } from "./keyring.ts";

export interface KeySearch {
  /** Account of the key in the keyrings: one per cache, so that caches cannot read each other. */
  readonly account: string;
  readonly keyrings: () => Promise<readonly KeyStore[]>;
  /**
   * Lets one process at a time create a key. `confirm` rejects if another process may be creating
   * one too.
   */
  readonly exclusively: <T>(work: (confirm: () => Promise<void>) => Promise<T>) => Promise<T>;
  /** The key files, which are not encrypted; `undefined`: not allowed. */
  readonly unencrypted: KeyStore | undefined;
  readonly location: KeyLocation;
}

const otherKeyRemedy = "set another key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32)";

const reasonOf = (error: unknown) => quote(redact(error instanceof Error ? error.message : String(error)), 100);

/**
 * A key exists, or may exist, but cannot be read now. No key is created, replaced or deleted then.
 */
function unreadable(name: string, reason: string, unlock: string, cause?: unknown): IdentityError {
  return outcomeError(
    "failed",
    `The key of the token store cannot be read (${name}: ${reason}), so stored tokens are left as they are.`,
    { code: "store-key-unreadable", remedy: `${unlock}, or ${otherKeyRemedy}.`, cause },
  );
}

/** Whether the store returns what is written to it. */
function isReliable(store: KeyStore): Promise<boolean> {
  const account = `self-test-${generateKey().replace(/\W/g, "").slice(0, 12)}`;
  return passesSelfTest({
    write: (value) => store.write(account, value),
    read: () => store.read(account),
    remove: () => store.remove(account),
  });
}

/** Throws `store-key-unreadable` unless the text in a store is a key. */
function requireKey(store: KeyStore, account: string, text: string): string {
  if (isKey(text)) return text;
  throw unreadable(
    store.name,
    "its item is not 32 bytes in base64 or hex",
    `Remove the item \`${account}\` of \`azidentity\` from the ${store.name}`,
  );
}

/** Reads and creates the key of one account. */
interface KeyAccess {
  /**
   * `hasKey`: the store is known to have the key. `undefined`: it has none, or does not exist on
   * this machine.
   */
  read(store: KeyStore, hasKey: boolean): Promise<string | undefined>;
  /**
   * Creates a key; `undefined`: the store does not keep what is written to it, or does not exist on
   * this machine.
   */
  create(store: KeyStore, hasKey: boolean, confirm: () => Promise<void>): Promise<string | undefined>;
}

/** `failures` receives the reasons why stores cannot be used. */
function createKeyAccess(account: string, failures: string[]): KeyAccess {
  /**
   * `undefined`: the store does not exist on this machine. A store that is known to have the key
   * does exist.
   */
  const use = async <T>(store: KeyStore, hasKey: boolean, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const reason = reasonOf(error);
      if (hasKey || !store.isMissing(error)) throw unreadable(store.name, reason, store.unlock, error);
      failures.push(`${store.name}: ${reason}`);
      return undefined;
    }
  };
  const read: KeyAccess["read"] = async (store, hasKey) => {
    const text = await use(store, hasKey, () => store.read(account));
    return text === undefined ? undefined : requireKey(store, account, text);
  };
  const create: KeyAccess["create"] = async (store, hasKey, confirm) => {
    const reliable = await use(store, hasKey, () => isReliable(store));
    if (reliable === undefined) return undefined;
    // the self test may have unlocked a keyring, which shows its key only now
    const existing = reliable ? await read(store, hasKey) : undefined;
    if (existing !== undefined) return existing;
    await confirm();
    const key = generateKey();
    const written =
      reliable && (await use(store, hasKey, () => store.write(account, key).then(() => store.read(account))));
    if (written === key) return key;
    failures.push(`${store.name}: a value that was written could not be read back`);
    return undefined;
  };
  return { read, create };
}

/**
 * The store that is known to have the key; `undefined`: no key was created yet, or the store is no
 * longer allowed.
 */
function knownStore(
  location: KeyLocation,
  stores: readonly KeyStore[],
  failures: readonly string[],
): KeyStore | undefined {
  let name: string | undefined;
  try {
    name = location.read();
  } catch (error) {
    throw unreadable("folder of the store", reasonOf(error), "Make that file readable", error);
  }
  const known = stores.find((store) => store.name === name);
  if (name === undefined || known !== undefined || !keyringNames.includes(name)) return known;
  throw unreadable(
    name,
    failures[0] ?? "this machine has none",
    "Run the program in the session that has this keyring",
  );
}

/** The first key that one of the candidates returns; records which store that was. */
async function firstKey(
  location: KeyLocation,
  candidates: readonly KeyStore[],
  known: KeyStore | undefined,
  getKey: (store: KeyStore, hasKey: boolean) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const store of candidates) {
    const key = await getKey(store, store === known);
    if (key === undefined) continue;
    if (store !== known) await location.write(store.name);
    return key;
  }
  return undefined;
}

/**
 * Finds the key of a cache: in the store that is known to have it, otherwise in the first that has
 * one. If none has, creates a key in the first store that works. A keyring that exists but cannot
 * be read ends the search with `store-key-unreadable`, because a key created elsewhere could not
 * open the entries that are already stored.
 */
export async function findKey({ account, keyrings, exclusively, unencrypted, location }: KeySearch): Promise<string> {
  const failures: string[] = [];
  const stores: KeyStore[] = [];
  let flag: ReturnType<typeof missingFlag>;
  try {
    stores.push(...(await keyrings()));
  } catch (error) {
    flag = missingFlag(error);
    failures.push(`no keyring library: ${reasonOf(error)}`);
  }
  if (unencrypted !== undefined) stores.push(unencrypted);
  const access = createKeyAccess(account, failures);

  const find = (known = knownStore(location, stores, failures)) =>
    firstKey(location, known === undefined ? stores : [known], known, access.read);
  const create = async (confirm: () => Promise<void>): Promise<string | undefined> => {
    const known = knownStore(location, stores, failures); // another process may have created the key meanwhile
    return (
      (await find(known)) ??
      (await firstKey(location, stores, known, (store, hasKey) => access.create(store, hasKey, confirm)))
    );
  };

  const key = (await find()) ?? (await exclusively(create));
  if (key !== undefined) return key;
  const start = flag === undefined ? "Set" : `Start the program with ${flag}, or set`;
  throw outcomeError(
    "misconfigured",
    `No keyring can keep the key of the token store (${[...new Set(failures)].join("; ")}).`,
    { code: "no-store-key", remedy: `${start} a key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).` },
  );
}

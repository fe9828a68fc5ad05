import { outcomeError, redact } from "@azidentity/core/plugin";
import { generateKey, isKey } from "../seal/keys.ts";
import type { KeyPlace } from "./key-place.ts";
import { type KeyStore, keyringNames } from "./keyring.ts";

export interface KeySearch {
  /** Account of the key in the keyrings: one for each cache, so that caches cannot read each other. */
  readonly account: string;
  readonly keyrings: () => Promise<readonly KeyStore[]>;
  /** Lets one process at a time make a key. `confirm` rejects when another process may be making one, too. */
  readonly alone: <T>(work: (confirm: () => Promise<void>) => Promise<T>) => Promise<T>;
  /** The place without encryption, when it is allowed. */
  readonly unsafe: KeyStore | undefined;
  readonly place: KeyPlace;
}

const orReset = "give another key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32)";

const reasonOf = (error: unknown) => redact(error instanceof Error ? error.message : String(error), 200);

/** A key exists, or may exist, and cannot be read now. Nothing is made, replaced or deleted then. */
function unreadable(name: string, reason: string, unlock: string, cause?: unknown) {
  return outcomeError(
    "failed",
    `The key of the token store cannot be read (${name}: ${reason}), so what is stored stays as it is.`,
    { code: "store-key-unreadable", remedy: `${unlock}, or ${orReset}.`, cause },
  );
}

/** Writes, reads back and deletes something of no value; whether it came back. A keyring that keeps nothing gets no key. */
async function keepsWhatItGets(store: KeyStore): Promise<boolean> {
  const probe = { account: `self-test-${generateKey().replace(/\W/g, "").slice(0, 12)}`, secret: generateKey() };
  await store.write(probe.account, probe.secret);
  const back = await store.read(probe.account);
  await store.remove(probe.account);
  return back === probe.secret;
}

/** What a place holds that has answered; throws `store-key-unreadable` for what is no key. */
function checked(store: KeyStore, account: string, text: string): string {
  if (isKey(text)) return text;
  throw unreadable(
    store.name,
    "what it holds is not 32 bytes in base64 or hex",
    `Remove the item \`${account}\` of \`azidentity\` from the ${store.name}`,
  );
}

/** Reads and makes the key of one account. What a place says that does not exist here is added to `failures`. */
function createAsking(account: string, failures: string[]) {
  /** What is asked of a place, unless it does not exist here. `isHome`: it is known to hold the key, so it does exist. */
  const ask = async <T>(store: KeyStore, isHome: boolean, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const reason = reasonOf(error);
      if (isHome || !store.isMissing(error)) throw unreadable(store.name, reason, store.unlock, error);
      failures.push(`${store.name}: ${reason}`);
      return undefined;
    }
  };
  /** `undefined`: it holds none, or does not exist here. */
  const read = async (store: KeyStore, isHome: boolean): Promise<string | undefined> => {
    const text = await ask(store, isHome, () => store.read(account));
    return text === undefined ? undefined : checked(store, account, text);
  };
  /** A new key; `undefined`: this place keeps none. */
  const make = async (store: KeyStore, isHome: boolean, confirm: () => Promise<void>): Promise<string | undefined> => {
    const keeps = await ask(store, isHome, () => keepsWhatItGets(store));
    if (keeps === undefined) return undefined;
    const before = keeps ? await read(store, isHome) : undefined; // a keyring that was locked may show the key only now
    if (before !== undefined) return before;
    await confirm();
    const key = generateKey();
    const back = keeps && (await ask(store, isHome, () => store.write(account, key).then(() => store.read(account))));
    if (back === key) return key;
    failures.push(`${store.name}: what was written did not come back`);
    return undefined;
  };
  return { read, make };
}

/** The place that is known to hold the key; `undefined`: none does yet, or one does that is not allowed any longer. */
function homeOf(place: KeyPlace, stores: readonly KeyStore[], failures: readonly string[]): KeyStore | undefined {
  let name: string | undefined;
  try {
    name = place.read();
  } catch (error) {
    throw unreadable("folder of the store", reasonOf(error), "Make that file readable", error);
  }
  const home = stores.find((store) => store.name === name);
  if (name === undefined || home !== undefined || !keyringNames.includes(name)) return home;
  throw unreadable(name, failures[0] ?? "this machine has none", "Run it in the session that has this keyring");
}

/**
 * The key of a cache: from the place that is known to hold it, else from the first that has one; where none has, a new one in the
 * first that keeps what it is given. A keyring that exists and cannot be read ends the search (`store-key-unreadable`): a key made
 * elsewhere would open nothing of what is stored.
 */
export async function findKey({ account, keyrings, alone, unsafe, place }: KeySearch): Promise<string> {
  const failures: string[] = [];
  const stores: KeyStore[] = [];
  try {
    stores.push(...(await keyrings()));
  } catch (error) {
    failures.push(`no keyring library: ${reasonOf(error)}`);
  }
  if (unsafe !== undefined) stores.push(unsafe);
  const asking = createAsking(account, failures);

  /** The first key that one of these places answers with; remembers which place that was. */
  const first = async (
    places: readonly KeyStore[],
    home: KeyStore | undefined,
    ask: (store: KeyStore, isHome: boolean) => Promise<string | undefined>,
  ): Promise<string | undefined> => {
    for (const store of places) {
      const key = await ask(store, store === home);
      if (key === undefined) continue;
      if (store !== home) await place.write(store.name);
      return key;
    }
    return undefined;
  };
  const find = (home = homeOf(place, stores, failures)) =>
    first(home === undefined ? stores : [home], home, asking.read);
  const make = async (confirm: () => Promise<void>): Promise<string | undefined> => {
    const home = homeOf(place, stores, failures); // another process may have been faster
    return (await find(home)) ?? (await first(stores, home, (store, isHome) => asking.make(store, isHome, confirm)));
  };

  const key = (await find()) ?? (await alone(make));
  if (key !== undefined) return key;
  throw outcomeError(
    "misconfigured",
    `There is no place to keep the key of the token store (${[...new Set(failures)].join("; ")}).`,
    { code: "no-store-key", remedy: "Give one in AZIDENTITY_CACHE_KEY (openssl rand -base64 32)." },
  );
}

import { outcomeError, redact } from "@azidentity/core/plugin";
import { generateKey } from "../seal/keys.ts";
import type { KeyStore } from "./keyring.ts";

export interface KeySearch {
  /** Account of the key in the keyrings: one for each cache, so that caches cannot read each other. */
  readonly account: string;
  readonly keyrings: () => Promise<readonly KeyStore[]>;
  /** Lets one process at a time make a key. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Where the key lies when it may lie in the open. */
  readonly unsafe: KeyStore | undefined;
}

const reasonOf = (error: unknown) => redact(error instanceof Error ? error.message : String(error), 200);

/** Writes, reads back and deletes something of no value: a keyring that says yes and keeps nothing is not trusted with a key. */
async function selfTest(store: KeyStore): Promise<void> {
  const probe = { account: `self-test-${generateKey().replace(/\W/g, "").slice(0, 12)}`, secret: generateKey() };
  await store.write(probe.account, probe.secret);
  const back = await store.read(probe.account);
  await store.remove(probe.account);
  if (back !== probe.secret) throw new Error("what was written did not come back");
}

async function makeKey(store: KeyStore, account: string): Promise<string> {
  await selfTest(store);
  const key = generateKey();
  await store.write(account, key);
  if ((await store.read(account)) !== key) throw new Error("the key did not come back");
  return key;
}

/** The key that the first keyring has; where none has one, a new one in the first keyring that keeps what it is given. */
export async function findKey({ account, keyrings, alone, unsafe }: KeySearch): Promise<string> {
  const failures: string[] = [];
  const stores: KeyStore[] = [];
  try {
    stores.push(...(await keyrings()));
  } catch (error) {
    failures.push(`no keyring library: ${reasonOf(error)}`);
  }
  if (unsafe !== undefined) stores.push(unsafe);

  const search = async (): Promise<string | undefined> => {
    for (const store of stores) {
      const key = await store.read(account).catch(() => undefined);
      if (key !== undefined) return key;
    }
    return undefined;
  };
  const make = async (): Promise<string | undefined> => {
    for (const store of stores) {
      try {
        return await makeKey(store, account);
      } catch (error) {
        failures.push(`${store.name}: ${reasonOf(error)}`);
      }
    }
    return undefined;
  };

  const key = (await search()) ?? (await alone(async () => (await search()) ?? (await make())));
  if (key !== undefined) return key;
  throw outcomeError(
    "misconfigured",
    `There is no place to keep the key of the token store (${failures.join("; ")}).`,
    {
      code: "no-store-key",
      remedy: "Give one in AZIDENTITY_CACHE_KEY (openssl rand -base64 32), or unlock a keyring.",
    },
  );
}

import { outcomeError, redact, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import { checkName } from "../cache-name.ts";
import { createReport } from "../report.ts";
import { givenKeys, type KeyOptions } from "../seal/given-keys.ts";
import { type Key, readKey } from "../seal/keys.ts";
import { createSealer } from "../seal/sealer.ts";
import { directoryOf, prepareDirectory } from "./directory.ts";
import { createFileStore } from "./file-store.ts";
import { findKey } from "./find-key.ts";
import { createKeyFiles } from "./key-file.ts";
import { createKeyPlace } from "./key-place.ts";
import { openKeyrings } from "./keyring.ts";
import { createLocks, type Locks } from "./lock.ts";
import { createReopening } from "./reopening.ts";

export interface FileOptions extends KeyOptions {
  readonly name?: string;
  readonly directory?: string;
  readonly unsafeAllowUnencryptedStorage?: boolean;
  readonly sharedMsalCache?: boolean;
}

type StoreContext = Pick<SourceContext, "env" | "clock" | "log">;

/** Writes, reads back and deletes an entry, so that a folder that keeps nothing is found out before anybody relies on it. */
async function selfTest(store: TokenStore, now: number): Promise<void> {
  const key = `self-test ${process.getBuiltinModule("node:crypto").randomUUID()}`;
  let reason = "it does not give back what it was given";
  try {
    await store.set(key, new TextEncoder().encode(key), now + 60_000);
    const back = await store.get(key);
    await store.delete(key);
    if (back !== undefined && new TextDecoder().decode(back) === key) return;
  } catch (error) {
    reason = (error as { readonly code?: string }).code ?? reason;
  }
  throw outcomeError("misconfigured", `The folder of the token store does not work (${reason}).`, {
    code: "store-directory-unusable",
    remedy: "Set `cache.directory` to another one.",
  });
}

async function withSharedUsers(store: TokenStore, { env, clock, log }: StoreContext): Promise<TokenStore> {
  const [{ shareUsers }, { openSharedCache }] = await Promise.all([
    import("../msal/share-users.ts"),
    import("../msal/shared-cache.ts"),
  ]);
  let told = false;
  return shareUsers(store, {
    clock,
    open: () => openSharedCache(env, process.platform),
    onFailed(error) {
      if (!told) log.warn(`Sign-ins are not shared with other tools: ${redact((error as Error).message, 256)}`);
      told = true;
    },
  });
}

/** The key from a keyring, which is looked for once a process, or a new one. */
async function keyOf(name: string, directory: string, unsafe: boolean, locks: Locks): Promise<Key> {
  const { join } = process.getBuiltinModule("node:path");
  const key = await findKey({
    account: `token-cache-${name}`,
    keyrings: () => openKeyrings(process.platform),
    alone: (work) => locks.hold(join(directory, "key.lock"), (lock) => work(lock.confirm)),
    unsafe: unsafe ? createKeyFiles(directory) : undefined,
    place: createKeyPlace(directory),
  });
  return readKey(key);
}

/**
 * Opens the file store: its folder, its key, and a first entry to see that it works. A key in a keyring is looked for when the store is
 * first used.
 */
export async function openFileStore(options: FileOptions, context: StoreContext): Promise<TokenStore> {
  const { env, clock, log } = context;
  const { name = "default", unsafeAllowUnencryptedStorage: unsafe = false } = options;
  checkName(name);
  const { current, previous } = await givenKeys(options, env);
  const directory = directoryOf(name, options.directory, env, process.platform);
  await prepareDirectory(directory);
  const disposed = new AbortController();
  const onDispose = () => disposed.abort(outcomeError("cancelled", "The token store was closed."));
  const locks = createLocks(clock, disposed.signal);
  const onUnreadable = createReport(log, "file");
  const openWith = async (key: Key): Promise<TokenStore> => {
    const sealer = createSealer([key, ...previous], name);
    const store = createFileStore({ directory, sealer, locks, clock, onUnreadable, onDispose });
    await selfTest(store, clock.now());
    return store;
  };
  const store =
    current === undefined
      ? createReopening({
          clock,
          open: async () => openWith(await keyOf(name, directory, unsafe, locks)),
          onDispose,
        })
      : await openWith(current);
  return options.sharedMsalCache ? withSharedUsers(store, context) : store;
}

import { outcomeError, redact, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import type { KeyOptions } from "../key-options.ts";
import { type Key, readKey } from "../seal/keys.ts";
import { createSealer } from "../seal/sealer.ts";
import { createUnreadableReport, passesSelfTest } from "../storage-checks.ts";
import { refuseWorker, storeClosed } from "../store-errors.ts";
import { checkCacheName, configuredKeys } from "../store-options.ts";
import { directoryOf, prepareDirectory } from "./directory.ts";
import { createFileStore } from "./file-store.ts";
import { findKey } from "./find-key.ts";
import { createKeyFiles } from "./key-file.ts";
import { createKeyLocation } from "./key-location.ts";
import { openKeyrings } from "./keyring.ts";
import { createLazyStore } from "./lazy-store.ts";
import { createLocks, type Locks } from "./lock.ts";

/** Options of the store `file`. */
export interface FileOptions extends KeyOptions {
  /** Stores of different names never see each other. Default `default`. */
  readonly name?: string;
  /** Folder of the stores. Default: `azidentity` in the data directory of the user. */
  readonly directory?: string;
  /**
   * Where there is no keyring, keep the key in a file beside the tokens. Default `false`; refused
   * in `mode: "production"`.
   */
  readonly unsafeAllowUnencryptedStorage?: boolean;
  /**
   * Share the sign-ins of users with the other Azure tools of this user (`msal.cache`). Default
   * `false`.
   */
  readonly sharedMsalCache?: boolean;
}

type StoreContext = Pick<SourceContext, "env" | "clock" | "log">;

/** Throws unless an entry that is written can be read back. */
async function requireWorkingFolder(store: TokenStore, now: number): Promise<void> {
  const key = `self-test ${process.getBuiltinModule("node:crypto").randomUUID()}`;
  let reason = "an entry that was written could not be read back";
  let cause: unknown;
  try {
    const passed = await passesSelfTest({
      write: (value) => store.set(key, new TextEncoder().encode(value), now + 60_000),
      async read() {
        const value = await store.get(key);
        return value && new TextDecoder().decode(value);
      },
      remove: () => store.delete(key),
    });
    if (passed) return;
  } catch (error) {
    cause = error;
    reason = (error as { readonly code?: string }).code ?? reason;
  }
  throw outcomeError("misconfigured", `The folder of the token store does not work (${reason}).`, {
    code: "store-directory-unusable",
    remedy: "Set `cache.directory` to another folder.",
    cause,
  });
}

async function withSharedUsers(store: TokenStore, { env, clock, log }: StoreContext): Promise<TokenStore> {
  const [{ shareUsers }, { openSharedCache }] = await Promise.all([
    import("../msal/share-users.ts"),
    import("../msal/shared-cache.ts"),
  ]);
  let reported = false;
  return shareUsers(store, {
    clock,
    open: () => openSharedCache(env, process.platform),
    onFailed(error) {
      if (!reported) log.warn(`Sign-ins are not shared with other tools: ${redact((error as Error).message, 256)}`);
      reported = true;
    },
  });
}

/** The key of a cache from a keyring, or a new one. */
async function keyOf(name: string, directory: string, allowUnencrypted: boolean, locks: Locks): Promise<Key> {
  const { join } = process.getBuiltinModule("node:path");
  const key = await findKey({
    account: `token-cache-${name}`,
    keyrings: () => openKeyrings(process.platform),
    exclusively: (work) => locks.withLock(join(directory, "key.lock"), (lock) => work(lock.confirm)),
    unencrypted: allowUnencrypted ? createKeyFiles(directory) : undefined,
    location: createKeyLocation(directory),
  });
  return readKey(key);
}

/** Where the key is: set by the user, or in the keyring or file that is recorded. */
function keyPlace(directory: string, isConfigured: boolean): string {
  if (isConfigured) return "set in the config, or in AZIDENTITY_CACHE_KEY";
  return createKeyLocation(directory).read() ?? "not created yet";
}

/**
 * Opens the file store: prepares its folder, reads its key, and tests that it works. If the key is
 * in a keyring, that happens when the store is first used.
 */
export async function openFileStore(options: FileOptions, context: StoreContext): Promise<TokenStore> {
  refuseWorker("file");
  const { env, clock, log } = context;
  const { name = "default", unsafeAllowUnencryptedStorage: allowUnencrypted = false } = options;
  checkCacheName(name);
  const { current, previous } = await configuredKeys(options, env);
  const directory = directoryOf(name, options.directory, env, process.platform);
  await prepareDirectory(directory);
  const disposed = new AbortController();
  const onDispose = () => disposed.abort(storeClosed());
  const locks = createLocks(clock, disposed.signal);
  const onUnreadable = createUnreadableReport(log, "file");
  const openWith = async (key: Key): Promise<TokenStore> => {
    const sealer = createSealer([key, ...previous], name);
    const store = createFileStore({ directory, sealer, locks, clock, onUnreadable, onDispose });
    await requireWorkingFolder(store, clock.now());
    return store;
  };
  const store =
    current === undefined
      ? createLazyStore({
          clock,
          open: async () => openWith(await keyOf(name, directory, allowUnencrypted, locks)),
          onDispose,
        })
      : await openWith(current);
  const opened = options.sharedMsalCache ? await withSharedUsers(store, context) : store;
  const place = async () => ({ entries: directory, key: keyPlace(directory, current !== undefined) });
  return { ...opened, place };
}

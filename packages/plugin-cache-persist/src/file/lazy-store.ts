import { type Clock, outcomeError, type TokenStore, withinTime } from "@azidentity/core/plugin";
import { storeClosed } from "../store-errors.ts";

/**
 * How long callers wait for a keyring, whose prompt may never be answered. Counted from the start
 * of the attempt.
 */
const openTimeoutMs = 4_000;
/**
 * Time between attempts, so that a prompt that the user dismissed is not shown again for each
 * token.
 */
const retryDelayMs = 300_000;

export interface LazyStoreSettings {
  readonly clock: Clock;
  readonly open: () => Promise<TokenStore>;
  /** Cancels an attempt that is under way, as far as possible. */
  readonly onDispose: () => void;
}

/** A store that is opened on first use, and again later if that failed. */
export interface LazyStore extends TokenStore {
  readonly list: NonNullable<TokenStore["list"]>;
  readonly lease: NonNullable<TokenStore["lease"]>;
}

const late = () =>
  outcomeError(
    "timeout",
    `The key of the token store cannot be read (no answer within ${openTimeoutMs / 1_000} s), so stored tokens are left as they are.`,
    {
      code: "store-key-unreadable",
      remedy: "Answer the prompt of the keyring, or set another key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).",
    },
  );

/** Opens a store with one attempt at a time; a failed one is repeated after a pause. */
function createOpener({ clock, open }: Pick<LazyStoreSettings, "clock" | "open">) {
  let store: TokenStore | undefined;
  let opening: Promise<TokenStore> | undefined;
  let startedMono = 0;
  let retryMono = 0;
  const attempt = (): Promise<TokenStore> => {
    if (opening !== undefined && clock.monotonic() < retryMono) return opening;
    const current = open();
    opening = current;
    startedMono = clock.monotonic();
    retryMono = Number.POSITIVE_INFINITY; // until the attempt has ended
    current.then(
      (opened) => {
        store = opened;
      },
      () => {
        retryMono = clock.monotonic() + retryDelayMs;
      },
    );
    return current;
  };
  return {
    async opened(): Promise<TokenStore> {
      if (store !== undefined) return store;
      const current = attempt();
      const ms = Math.max(0, startedMono + openTimeoutMs - clock.monotonic());
      return withinTime({ clock, ms, late }, new AbortController().signal, () => current);
    },
    async dispose(): Promise<void> {
      if (store !== undefined) await store[Symbol.asyncDispose]?.();
      // not awaited: an open prompt must not keep the program from exiting
      else opening?.then((opened) => opened[Symbol.asyncDispose]?.()).catch(() => undefined);
    },
  };
}

/**
 * Opens the store on first use, with one attempt at a time, so that a keyring shows one prompt.
 * Until an attempt succeeds, stored entries are left as they are, and every call rejects with the
 * error of the last attempt or with `store-key-unreadable`.
 */
export function createLazyStore(settings: LazyStoreSettings): LazyStore {
  const opener = createOpener(settings);
  let closed = false;
  const opened = async (): Promise<TokenStore> => {
    if (closed) throw storeClosed();
    return opener.opened();
  };

  return {
    get: async (key) => (await opened()).get(key),
    set: async (key, value, expiresOnTimestamp) => (await opened()).set(key, value, expiresOnTimestamp),
    delete: async (key) => (await opened()).delete(key),
    update: async (key, change) => (await opened()).update(key, change),
    async *list() {
      yield* (await opened()).list?.() ?? [];
    },
    lease: async (key, ms) => (await opened()).lease?.(key, ms),
    async [Symbol.asyncDispose]() {
      closed = true;
      settings.onDispose();
      await opener.dispose();
    },
  };
}

import { type Clock, outcomeError, type TokenStore } from "@azidentity/core/plugin";

/**
 * How long a caller waits for a keyring, whose prompt may never be answered; and how long one that could not be opened is left alone, so
 * that a prompt which was dismissed does not come back with every token.
 */
const times = { waitMs: 4_000, restMs: 300_000 };

export interface ReopeningSettings {
  readonly clock: Clock;
  readonly open: () => Promise<TokenStore>;
  /** Ends an attempt that is under way, as far as it can be ended. */
  readonly onDispose: () => void;
}

/** A store that opens when it is first used, and again later when that failed. */
export interface ReopeningStore extends TokenStore {
  readonly list: NonNullable<TokenStore["list"]>;
  readonly lease: NonNullable<TokenStore["lease"]>;
}

/**
 * A store that is opened once at a time: while one attempt waits for a prompt, nothing else asks the keyring. What is stored is left
 * alone until an attempt succeeds. Every call rejects meanwhile, with the error of the last attempt, or `store-key-unreadable`.
 */
export function createReopening({ clock, open, onDispose }: ReopeningSettings): ReopeningStore {
  let store: TokenStore | undefined;
  let opening: Promise<TokenStore> | undefined;
  let startedMono = 0;
  let retryMono = 0;
  let closed = false;

  const attempt = (): Promise<TokenStore> => {
    if (opening !== undefined && clock.monotonic() < retryMono) return opening;
    const mine = open();
    opening = mine;
    startedMono = clock.monotonic();
    retryMono = Number.POSITIVE_INFINITY; // until it is known
    mine.then(
      (opened) => {
        store = opened;
      },
      () => {
        retryMono = clock.monotonic() + times.restMs;
      },
    );
    return mine;
  };

  /** The wait counts from when the attempt began: a prompt that stays open delays one call, not each of them. */
  const late = async (signal: AbortSignal): Promise<never> => {
    const leftMs = startedMono + times.waitMs - clock.monotonic();
    if (leftMs > 0) await clock.sleep(leftMs, signal);
    throw outcomeError(
      "timeout",
      `The key of the token store cannot be read (no answer within ${times.waitMs / 1_000} s), so what is stored stays as it is.`,
      {
        code: "store-key-unreadable",
        remedy:
          "Answer the prompt of the keyring, or give another key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).",
      },
    );
  };
  const opened = async (): Promise<TokenStore> => {
    if (closed) throw outcomeError("cancelled", "The token store was closed.");
    if (store !== undefined) return store;
    const finished = new AbortController();
    const current = attempt();
    const tooLate = late(finished.signal);
    tooLate.catch(() => undefined);
    try {
      return await Promise.race([current, tooLate]);
    } finally {
      finished.abort();
    }
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
      onDispose();
      if (store !== undefined) await store[Symbol.asyncDispose]?.();
      // not waited for: a prompt that is open must not keep a program from ending
      else opening?.then((late) => late[Symbol.asyncDispose]?.()).catch(() => undefined);
    },
  };
}

import { markBackground, workDone } from "../async/abort.ts";
import type { Events } from "../contract/events.ts";
import type { TokenStore } from "../contract/store.ts";
import type { Clock, Logger } from "../contract/system-services.ts";
import { isIdentityError } from "../errors/errors.ts";
import { redact } from "../errors/redact.ts";

/** The source for which something is done with the store. */
export interface StoreUser {
  readonly source: string;
  /** No caller waits for it. */
  readonly background: boolean;
}

/** The token store of one identity, and how it is. A store that fails never fails a caller, and is reported once until it works again. */
export interface StoreHealth {
  /** Does something with the store, in time. `undefined`: it failed, which is told of, or the store is left alone at the moment. */
  attempt<T>(operation: string, user: StoreUser, run: () => Promise<T>): Promise<T | undefined>;
  /** The store; `undefined` also when there is none. */
  open(user: StoreUser): Promise<TokenStore | undefined>;
  /** Why tokens live in memory alone, as far as is known without trying; `undefined`: it works, or was not used yet. */
  readonly failure: string | undefined;
  /** Tries it, and says why tokens live in memory alone; `undefined`: they do not, or no store is configured. */
  examine(): Promise<string | undefined>;
}

/** How long a store may take to answer. */
const timeoutMs = 5_000;
/**
 * The timeout is counted in slices: where a process hardly runs, because sixty start at the same
 * time, elapsed time by itself says nothing about the store.
 */
const sliceMs = 50;
/** How long a store that did not answer, or did not open, is not used. */
const cooldownMs = 30_000;

/** The message, long enough for the remedy, which stands last; and the code, when it is one of ours. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = isIdentityError(error) ? ` [${error.code}]` : "";
  return `${redact(error.message, 1_024)}${code}`;
}

/** What is told once: a code, whatever else the messages say, or a message without one. */
const topicOf = (reason: string) => / \[([\w-]+)\]$/.exec(reason)?.[1] ?? reason;

export interface HealthSettings {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  readonly events: Pick<Events, "emit">;
}

export function createStoreHealth(
  open: () => Promise<TokenStore | undefined>,
  { clock, log, events }: HealthSettings,
): StoreHealth {
  /** By operation, so that a disk that is full but can be read is not told of again after each read. */
  const failures = new Map<string, string>();
  let cooldownUntilMono = 0; // monotonic milliseconds

  const note = (operation: string, error: unknown): string => {
    const reason = reasonOf(error);
    const known = [...failures.values()].some((one) => topicOf(one) === topicOf(reason));
    if (!known) log.warn(`The token store does not work, so tokens and sign-ins live in memory alone: ${reason}`);
    failures.set(operation, reason);
    return reason;
  };
  const rest = (): void => {
    cooldownUntilMono = clock.monotonic() + cooldownMs;
  };
  const tooLate = async (signal: AbortSignal): Promise<never> => {
    for (let waited = 0; waited < timeoutMs; waited += sliceMs) await clock.sleep(sliceMs, signal);
    rest();
    throw new Error(`no answer within ${timeoutMs / 1000} s`);
  };

  const perform = async <T>(
    operation: string,
    run: () => Promise<T>,
    user: StoreUser | undefined,
  ): Promise<T | undefined> => {
    const finished = new AbortController();
    if (user?.background) markBackground(finished.signal);
    const late = tooLate(finished.signal);
    late.catch(() => undefined);
    try {
      const result = await Promise.race([run(), late]);
      failures.delete(operation);
      cooldownUntilMono = 0;
      return result;
    } catch (error) {
      if (operation === "open") rest();
      const reason = note(operation, error);
      if (user !== undefined)
        events.emit("azidentity:store-failed", () => ({ source: user.source, operation, reason }));
      return undefined;
    } finally {
      finished.abort(workDone);
    }
  };
  const attempt: StoreHealth["attempt"] = async (operation, user, run) =>
    clock.monotonic() < cooldownUntilMono ? undefined : perform(operation, run, user);

  return {
    attempt,
    get failure() {
      return failures.values().next().value;
    },
    open: (user) => attempt("open", user, open),
    async examine() {
      const store = await perform("open", open, undefined);
      await perform("get", async () => store?.get("azidentity.examine"), undefined);
      return failures.values().next().value;
    },
  };
}

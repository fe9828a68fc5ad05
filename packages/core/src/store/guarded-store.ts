import { createCircuitBreaker } from "../async/circuit-breaker.ts";
import type { Events } from "../contract/events.ts";
import type { TokenStore } from "../contract/services.ts";
import type { Clock, Logger } from "../contract/system-services.ts";
import { deniedPermission } from "../errors/denied-permission.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { redact } from "../errors/redact.ts";
import { isError } from "../util/is-error.ts";

/** The source for which an operation of the store is done. */
export interface StoreUser {
  readonly source: string;
  /** No caller waits for it. */
  readonly background: boolean;
}

/**
 * The token store of one identity. A store that fails never fails a caller, and is reported once
 * until it works again; one that hangs or does not open is then not used for a while.
 */
export interface GuardedStore {
  /**
   * Runs an operation for a limited time. `undefined`: it failed, or the store is not used at the
   * moment.
   */
  attempt<T>(operation: string, user: StoreUser, run: () => Promise<T>): Promise<T | undefined>;
  /** The same, but rejects when the operation fails or the store is not used at the moment. */
  perform<T>(operation: string, user: StoreUser, run: () => Promise<T>): Promise<T>;
  /** The store; `undefined` also when there is none. */
  open(user: StoreUser): Promise<TokenStore | undefined>;
  /**
   * Why tokens live in memory alone, as far as is known without trying; `undefined`: it works, or
   * was not used yet.
   */
  readonly failure: string | undefined;
  /**
   * Uses the store now. Returns why tokens live in memory alone; `undefined`: they do not, or no
   * store is configured.
   */
  diagnose(): Promise<string | undefined>;
}

const timeoutMs = 5_000;
/** How long a store that did not answer, or did not open, is not used. */
const cooldownMs = 30_000;

/** The message, long enough for the remedy at its end, with our code if it has one. */
function reasonOf(error: unknown): string {
  if (!isError(error)) return "unknown";
  const text = redact(error.message, 1_024);
  if (isIdentityError(error)) return `${text} [${error.code}]`;
  const denied = deniedPermission(error);
  return denied === undefined ? text : `${text}. ${denied.remedy} [${denied.code}]`;
}

/** What is logged once: a code, whatever else the messages say, or a message without one. */
const topicOf = (reason: string) => / \[([\w-]+)\]$/.exec(reason)?.[1] ?? reason;

export interface GuardedStoreSettings {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  readonly events: Pick<Events, "emit">;
}

/**
 * What failed last, by operation, so that a disk that is full but can be read is not reported again
 * after each read.
 */
function createFailures(log: Pick<Logger, "warn">) {
  const reasons = new Map<string, string>();
  return {
    /** Returns the reason, and logs it unless an operation already fails for it. */
    note(operation: string, error: unknown): string {
      const reason = reasonOf(error);
      const isKnown = [...reasons.values()].some((one) => topicOf(one) === topicOf(reason));
      if (!isKnown)
        log.warn(`The token store does not work, so tokens and sign-ins are kept in memory only: ${reason}`);
      reasons.set(operation, reason);
      return reason;
    },
    clear: (operation: string) => reasons.delete(operation),
    get first(): string | undefined {
      return reasons.values().next().value;
    },
  };
}

function unused(reason: string | undefined): IdentityError {
  const message = `The token store is not used for a while, because it failed: ${reason}`;
  return outcomeError("unreachable", message, {
    code: "store-unreachable",
    remedy: "Tokens live in memory meanwhile.",
  });
}

export function createGuardedStore(
  open: () => Promise<TokenStore | undefined>,
  { clock, log, events }: GuardedStoreSettings,
): GuardedStore {
  const breaker = createCircuitBreaker({ clock, timeoutMs, cooldownMs });
  const failures = createFailures(log);

  const run = async <T>(operation: string, work: () => Promise<T>, user: StoreUser | undefined): Promise<T> => {
    try {
      const result = await breaker.run(work, user?.background);
      failures.clear(operation);
      return result;
    } catch (error) {
      if (operation === "open") breaker.trip();
      const reason = failures.note(operation, error);
      if (user !== undefined)
        events.emit("azidentity:store-failed", () => ({ source: user.source, operation, reason }));
      throw error;
    }
  };
  const attempt: GuardedStore["attempt"] = async (operation, user, work) =>
    breaker.isOpen ? undefined : run(operation, work, user).catch(() => undefined);

  return {
    attempt,
    async perform(operation, user, work) {
      if (!breaker.isOpen) return run(operation, work, user);
      throw unused(failures.first);
    },
    get failure() {
      return failures.first;
    },
    open: (user) => attempt("open", user, open),
    async diagnose() {
      const store = await run("open", open, undefined).catch(() => undefined);
      await run("get", async () => store?.get("azidentity.diagnose"), undefined).catch(() => undefined);
      return failures.first;
    },
  };
}

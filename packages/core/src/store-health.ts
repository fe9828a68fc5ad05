import type { Events } from "./contract/events.ts";
import { redact } from "./contract/redact.ts";
import type { Clock, Logger } from "./contract/services.ts";
import type { TokenStore } from "./contract/store.ts";

/** The token store of one identity, and how it is: a store that fails is told of once, until it works again. */
export interface StoreHealth {
  /** Rejects when it cannot be opened; `undefined`: there is none. */
  open(): Promise<TokenStore | undefined>;
  failed(source: string, operation: string, error: unknown): void;
  worked(operation: string): void;
  /** Tries it, and says why tokens live in memory alone; `undefined`: they do not, or nobody wanted a store. */
  examine(): Promise<string | undefined>;
}

/** How long an examination may take, in milliseconds. */
const patience = 5_000;

const reasonOf = (error: unknown) => (error instanceof Error ? redact(error.message, 256) : "unknown");

export interface HealthSettings {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  readonly events: Pick<Events, "emit">;
}

export function createStoreHealth(open: StoreHealth["open"], { clock, log, events }: HealthSettings): StoreHealth {
  /** By operation, so that a disk that is full but can be read is not told of again after each read. */
  const failures = new Map<string, string>();
  const note = (operation: string, error: unknown): string => {
    const reason = reasonOf(error);
    const known = [...failures.values()].includes(reason);
    if (!known) log.warn(`The token store does not work, so tokens live in memory alone: ${reason}`);
    failures.set(operation, reason);
    return reason;
  };
  const attempt = async <T>(operation: string, run: () => Promise<T>): Promise<T | undefined> => {
    const finished = new AbortController();
    const late = clock.sleep(patience, finished.signal).then(() => {
      throw new Error(`no answer within ${patience / 1000} s`);
    });
    late.catch(() => undefined);
    try {
      const result = await Promise.race([run(), late]);
      failures.delete(operation);
      return result;
    } catch (error) {
      note(operation, error);
      return undefined;
    } finally {
      finished.abort();
    }
  };
  return {
    open,
    failed(source, operation, error) {
      const reason = note(operation, error);
      events.emit("azidentity:store-failed", () => ({ source, operation, reason }));
    },
    worked: (operation) => void failures.delete(operation),
    async examine() {
      const store = await attempt("open", open);
      await attempt("get", async () => store?.get("azidentity.examine"));
      return [...failures.values()][0];
    },
  };
}

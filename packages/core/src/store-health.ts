import type { Events } from "./contract/events.ts";
import { redact } from "./contract/redact.ts";
import type { Logger } from "./contract/services.ts";
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

const reasonOf = (error: unknown) => (error instanceof Error ? redact(error.message, 256) : "unknown");

export function createStoreHealth(
  open: StoreHealth["open"],
  log: Pick<Logger, "warn">,
  events: Pick<Events, "emit">,
): StoreHealth {
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
    try {
      const result = await run();
      failures.delete(operation);
      return result;
    } catch (error) {
      note(operation, error);
      return undefined;
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

import type { RetrySettings, RetryTable, SourceContext } from "../contract/context.ts";
import type { Clock } from "../contract/system-services.ts";

interface Retryable {
  readonly statusCode?: unknown;
  readonly retryAfterMs?: unknown;
  readonly outcome?: unknown;
  readonly code?: unknown;
}

function statusOf(error: unknown): number | undefined {
  const { statusCode, outcome, code } = (error ?? {}) as Retryable;
  const status = typeof statusCode === "number" && statusCode > 0 ? statusCode : undefined;
  // Entra says so with status 400, too
  if (code === "entra-unavailable" && (status ?? 0) < 500) return 503;
  if (status !== undefined) return status;
  // what the runtime does not permit it refuses each time
  return outcome === "unreachable" && code !== "permission-denied" ? 0 : undefined;
}

/** Milliseconds between the try `n` and the next; `undefined`: there is none. */
function plannedPause(n: number, { delaysMs }: RetryTable, mustGoOn: boolean, settings: RetrySettings) {
  const { maxRetries, delayMs, maxDelayMs = Number.POSITIVE_INFINITY } = settings;
  const last = delaysMs.at(-1);
  if (last === undefined || n > (maxRetries ?? (mustGoOn ? n : delaysMs.length))) return undefined;
  if (mustGoOn && n > delaysMs.length) return last;
  return Math.min(delayMs === undefined ? (delaysMs[n - 1] ?? last) : delayMs * 2 ** Math.min(n - 1, 30), maxDelayMs);
}

/**
 * The only retry loop. Pauses are those of the settings, else of the table, lengthened by up to a
 * fifth to spread many callers, and never shorter than the `retryAfterMs` of the error. A pause
 * that would end after the deadline is not begun: the call rejects at once.
 *
 * @param onRetry called with each failure that another attempt follows
 */
export function createRetry(
  clock: Clock,
  random: () => number,
  deadlineOf: (signal: AbortSignal) => number,
  onRetry: (signal: AbortSignal, failure: unknown) => void = () => undefined,
  settings: RetrySettings = {},
): SourceContext["retry"] {
  return async (table: RetryTable, attempt, request) => {
    const started = clock.monotonic();
    for (let n = 1; ; n++) {
      try {
        return await attempt(n);
      } catch (error) {
        const status = statusOf(error);
        if (status === undefined || !table.statuses.includes(status) || request.background || request.signal.aborted)
          throw error;
        const elapsed = clock.monotonic() - started;
        const minimum = table.minimumTotalMs?.[status] ?? 0;
        const planned = plannedPause(n, table, elapsed < minimum, settings);
        if (planned === undefined) throw error;
        const retryAfterMs = (error as Retryable).retryAfterMs;
        const pause = Math.max(planned, typeof retryAfterMs === "number" ? retryAfterMs : 0) * (1 + random() / 5);
        if (clock.monotonic() + pause >= deadlineOf(request.signal)) throw error;
        onRetry(request.signal, error);
        await clock.sleep(pause, request.signal);
      }
    }
  };
}

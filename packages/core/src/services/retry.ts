import type { RetryTable, SourceContext } from "../contract/context.ts";
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
  return outcome === "unreachable" ? 0 : undefined;
}

/**
 * The only retry loop. Pauses are those of the table, lengthened by up to a fifth to spread many
 * callers, and never shorter than the `retryAfterMs` of the error. A pause that would end after the
 * deadline is not begun: the call rejects at once.
 *
 * @param onRetry called with each failure that another attempt follows
 */
export function createRetry(
  clock: Clock,
  random: () => number,
  deadlineOf: (signal: AbortSignal) => number,
  onRetry: (signal: AbortSignal, failure: unknown) => void = () => undefined,
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
        const planned = table.delaysMs[n - 1] ?? (elapsed < minimum ? table.delaysMs.at(-1) : undefined);
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

import type { RetryTable } from "@azidentity/core/plugin";

/**
 * What Entra may answer differently a moment later: nobody there, overload, and errors of servers and of proxies before them.
 * A refusal, such as a wrong secret, is final. No pause is long enough for a caller who keeps asking to miss a recovery by two seconds.
 */
export const entraRetries: RetryTable = {
  statuses: [0, 408, 429, 500, 502, 503, 504],
  delaysMs: [500, 1_000, 1_500],
};

import type { RetryTable } from "../contract/context.ts";

/**
 * Failures of Entra that may be transient: no connection (0), overload, errors of servers and of
 * proxies in front of them. A refusal, such as a wrong secret, is final. The pauses stay under two
 * seconds, so that a caller who keeps trying notices a recovery soon.
 */
export const entraRetries: RetryTable = {
  statuses: [0, 408, 429, 500, 502, 503, 504],
  delaysMs: [500, 1_000, 1_500],
};

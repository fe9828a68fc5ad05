import type { RetryTable } from "@azidentity/core/plugin";

const serverErrors = Array.from({ length: 100 }, (_, index) => 500 + index);

/**
 * What a host may answer differently a moment later. 404: not ready yet. 410: being updated, which takes up to 70 seconds. 0: nobody there.
 * Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
 */
export const hostRetries: RetryTable = {
  statuses: [0, 404, 408, 410, 429, ...serverErrors],
  delaysMs: [1_000, 2_000, 4_000],
  minimumTotalMs: { 410: 70_000 },
};

/** For hosts where 404 is an answer: nobody of that name. */
export const retriesWithoutNotFound: RetryTable = {
  ...hostRetries,
  statuses: hostRetries.statuses.filter((status) => status !== 404),
};

/** Entra's token endpoint, or the proxy of a cluster before it. */
export const entraRetries: RetryTable = {
  statuses: [0, 408, 429, 500, 502, 503, 504],
  delaysMs: [500, 1_000, 1_500],
};

import { logger } from "./logger.ts";

const listed = (scopes: unknown) => (Array.isArray(scopes) ? scopes.join(", ") : String(scopes));

/** A line about a token, in the format of the Azure SDKs. */
export function logSuccess(className: string, scopes: unknown): void {
  if (logger.info.enabled) logger.info(`${className} => getToken() => SUCCESS. Scopes: ${listed(scopes)}.`);
}

/** A line about a failure, in the format of the Azure SDKs. */
export function logFailure(className: string, scopes: unknown, error: unknown): void {
  if (!logger.info.enabled) return;
  const message = error instanceof Error ? error.message : String(error);
  logger.info(`${className} => getToken() => ERROR. Scopes: ${listed(scopes)}. Error message: ${message}.`);
}

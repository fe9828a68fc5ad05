import { logger } from "./logger.ts";

const listed = (scopes: unknown) => (Array.isArray(scopes) ? scopes.join(", ") : String(scopes));

/**
 * A line about a token, in the format of the Azure SDKs.
 *
 * @param member the class of a chain's credential that has it
 */
export function logSuccess(className: string, scopes: unknown, member?: string): void {
  if (!logger.info.enabled) return;
  const result = member === undefined ? "" : `Result for ${member}: `;
  logger.info(`${className} => getToken() => ${result}SUCCESS. Scopes: ${listed(scopes)}.`);
}

/** A line about a failure, in the format of the Azure SDKs. */
export function logFailure(className: string, scopes: unknown, error: unknown): void {
  if (!logger.info.enabled) return;
  const message = error instanceof Error ? error.message : String(error);
  logger.info(`${className} => getToken() => ERROR. Scopes: ${listed(scopes)}. Error message: ${message}.`);
}

/** What core knows of whose token it is. */
interface Principal {
  readonly tenantId?: string;
  readonly objectId?: string;
  readonly clientId?: string;
  readonly username?: string;
}

/**
 * A line about whose token it is, in the format of the Azure SDKs. Only where account names may be
 * logged.
 */
export function logPrincipal({ clientId, tenantId, username, objectId }: Principal = {}): void {
  const user = username ?? "No User Principal Name available";
  logger.info(
    `[Authenticated account] Client ID: ${clientId}. Tenant ID: ${tenantId}. User Principal Name: ${user}. Object ID (user): ${objectId}`,
  );
}

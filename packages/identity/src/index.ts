/** Drop-in replacement for `@azure/identity`: the same classes, errors and types over azidentity. */

export { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./authentication-record.ts";
export { AzureAuthorityHosts } from "./authority-hosts.ts";
export type { ErrorResponse } from "./errors/error-body.ts";
export {
  AggregateAuthenticationError,
  AggregateAuthenticationErrorName,
  AuthenticationError,
  AuthenticationErrorName,
  AuthenticationRequiredError,
  type AuthenticationRequiredErrorOptions,
  CredentialUnavailableError,
  CredentialUnavailableErrorName,
} from "./errors/errors.ts";
export { logger } from "./logging/logger.ts";
export type {
  AuthenticationRecord,
  AuthorityValidationOptions,
  BrokerAuthOptions,
  BrokerDisabledOptions,
  BrokerEnabledOptions,
  BrokerOptions,
  BrowserCustomizationOptions,
  BrowserLoginStyle,
  CredentialPersistenceOptions,
  InteractiveCredentialOptions,
  MultiTenantTokenCredentialOptions,
  TokenCachePersistenceOptions,
  TokenCredentialOptions,
} from "./types/options.ts";
export type { AccessToken, AccessTokenInfo, GetTokenOptions, TokenCredential } from "./types/token.ts";

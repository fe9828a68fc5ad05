/** For authors of plugins: everything a source, a service or a store is made of. */

export { markBackground, untilAborted } from "./async/abort.ts";
export { type CircuitBreaker, type CircuitBreakerSettings, createCircuitBreaker } from "./async/circuit-breaker.ts";
export { type TimeLimit, withinTime } from "./async/time-limit.ts";
export type { Cloud, OptionsContext, RetryTable, SourceContext } from "./contract/context.ts";
export { type ServiceToken, serviceToken } from "./contract/context.ts";
export type { AuthenticationErrorCode, OutcomeCode, PluginErrorCodes } from "./contract/error-code.ts";
export type { AnyProvider, AnySource, IdentityPlugin, StorePlace, TokenStore } from "./contract/services.ts";
export {
  type BrokerCredential,
  type NativeBroker,
  type NativeBrokerOptions,
  type ServiceProvider,
  type SourceLookup,
  services,
} from "./contract/services.ts";
export type {
  AuthenticationRecord,
  Capability,
  Credential,
  CredentialSource,
  Detection,
  HomeTenant,
  OptionsSchema,
  SourceKind,
} from "./contract/source.ts";
export type {
  CertificatePin,
  Clock,
  CommandOptions,
  CommandResult,
  Commands,
  Connection,
  Http,
  HttpRequest,
  HttpResponse,
  Logger,
} from "./contract/system-services.ts";
export type {
  IssuedToken,
  NormalizedRequest,
  OriginalRequest,
  Principal,
  ProofOfPossessionOptions,
  TokenRequest,
} from "./contract/token.ts";
export {
  checkAuthenticationRecord,
  checkRecordOfApplication,
  invalidRecord,
  recordVersion,
} from "./entra/authentication-record.ts";
export {
  authorityAliases,
  authorityHostOf,
  developerClientId,
  isSameCloud,
  type KnownCloud,
  knownCloudOf,
  knownClouds,
} from "./entra/clouds.ts";
export {
  AbortError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
  type ErrorDetails,
  type ErrorResponse,
  type IdentityError,
  isIdentityError,
} from "./errors/errors.ts";
export { outcomeError, relabelError } from "./errors/outcome-error.ts";
export { durationInWords, quote, quoteInMessage } from "./errors/quote.ts";
export { redact, secretsOfRequest } from "./errors/redact.ts";
export { retryAfterMs } from "./errors/retry-after.ts";
export { type AzureVariables, emptyOf, emptyVariables, readAzureVariables } from "./options/azure-variables.ts";
export { defineOptions, definePlugin, defineSource } from "./options/define-options.ts";
export type { Field, FieldBase, Fields, ObjectOf, ValueOf } from "./options/fields.ts";
export { homeTenantOf, requireHomeTenant } from "./options/home-tenant.ts";
export type { Issue } from "./options/issues.ts";
export { requireWellFormed } from "./options/well-formed-variables.ts";
export { subprocesses } from "./services/subprocesses.ts";
export { readStoreKey, type StoredToken } from "./store/store-key.ts";
export {
  readUserPartitionKey,
  type StoredUser,
  type UserPartition,
  userPartitionKey,
} from "./store/user-partition.ts";
export type { FileEntry, FileFacts } from "./util/file-facts.ts";
export { isGuid } from "./util/ids.ts";
export { jwtPayload, parseJsonObject } from "./util/json.ts";
export { findPathFault, type PathFault, type PathTrust } from "./util/path-fault.ts";
export { decodeText, remedyForPath, unquoted } from "./util/text.ts";
export { isFullPath, windowsProgram } from "./util/windows.ts";

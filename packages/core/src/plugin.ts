/** For authors of plugins: everything a source, a service or a store is made of. */

export { readStoreKey, type StoredToken } from "./cache/store-key.ts";
export { type AadstsRow, aadstsRow } from "./contract/aadsts.ts";
export { type AzureVariables, emptyOf, emptyVariables, readAzureVariables } from "./contract/azure-variables.ts";
export { markBackground } from "./contract/background.ts";
export type { Cloud, RetryTable, SourceContext } from "./contract/context.ts";
export { entraError, parseEntraError } from "./contract/entra-error.ts";
export {
  AbortError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
  type ErrorDetails,
  type ErrorResponse,
  type IdentityError,
  isIdentityError,
} from "./contract/errors.ts";
export type { FileEntry, FileFacts } from "./contract/file-facts.ts";
export { isGuid } from "./contract/guid.ts";
export { type HomeTenant, homeTenantOf, requireHomeTenant } from "./contract/home-tenant.ts";
export { parseJsonObject } from "./contract/json.ts";
export { defineOptions, type OptionsSchema } from "./contract/options.ts";
export type { OutcomeCode } from "./contract/outcome.ts";
export { outcomeError } from "./contract/outcome-error.ts";
export { findPathFault, type PathFault, type PathTrust } from "./contract/path-fault.ts";
export {
  type AnyProvider,
  type AnySource,
  definePlugin,
  defineSource,
  type IdentityPlugin,
} from "./contract/plugin.ts";
export { redact, secretsOfRequest } from "./contract/redact.ts";
export { retryAfterMs } from "./contract/retry-after.ts";
export type { Field, FieldBase, Fields, Issue, ObjectOf, ValueOf } from "./contract/schema.ts";
export {
  type BrokerCredential,
  type Clock,
  type CommandOptions,
  type CommandResult,
  type Commands,
  type Http,
  type HttpRequest,
  type HttpResponse,
  type Logger,
  type NativeBroker,
  type NativeBrokerOptions,
  type ServiceProvider,
  type ServiceToken,
  type SourceLookup,
  services,
  serviceToken,
} from "./contract/services.ts";
export type {
  AuthenticationRecord,
  Capability,
  Credential,
  CredentialSource,
  Detection,
  SourceKind,
} from "./contract/source.ts";
export type { TokenStore } from "./contract/store.ts";
export type {
  IssuedToken,
  NormalizedRequest,
  Principal,
  ProofOfPossessionOptions,
  TokenRequest,
} from "./contract/token.ts";
export {
  readUserPartitionKey,
  type StoredUser,
  type UserPartition,
  userPartitionKey,
} from "./contract/user-partition.ts";
export { isFullPath, windowsProgram } from "./contract/windows.ts";
export { type TimeLimit, withinTime } from "./contract/within-time.ts";

/** Microsoft Entra ID credentials: plugins, chain, cache. Start with `createIdentity`. */
export type { CustomCloud } from "./config/clouds.ts";
export {
  type ChainEntry,
  type CredentialWithSubject,
  defineConfig,
  type ExpectedPrincipal,
  type IdentityConfig,
  type SharedSettings,
  type SourceSettings,
} from "./config/define.ts";
export type { EntryOptions, PluginInput, Reference, SourceNames, SourceOptions } from "./config/source-types.ts";
export type { ConfigurationErrorCode } from "./contract/configuration-error-code.ts";
export type { RetrySettings } from "./contract/context.ts";
export type { AuthenticationErrorCode, ErrorCode, OutcomeCode, PluginErrorCodes } from "./contract/error-code.ts";
export type { AcquisitionInfo, Instrumentation, SendInfo, SendOutcome } from "./contract/instrumentation.ts";
export type { IdentityPlugin } from "./contract/services.ts";
export type { AuthenticationRecord, SourceKind } from "./contract/source.ts";
export type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  Principal,
  ProofOfPossessionOptions,
  TokenCredential,
  TokenCredentialLike,
} from "./contract/token.ts";
export type { Attempt, Walk } from "./contract/walk.ts";
export { AzureAuthorityHosts } from "./entra/clouds.ts";
export {
  AbortError,
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  ConfigurationError,
  CredentialUnavailableError,
  type ErrorResponse,
  type IdentityError,
  isIdentityError,
} from "./errors/errors.ts";
export { createIdentity } from "./identity.ts";
export { definePlugin, defineSource } from "./options/define-options.ts";
export type { Explain, ExplainedCredential } from "./runtime/credential.ts";
export type { Identity } from "./runtime/identity.ts";
export type { ServiceOverrides, SharedOverrides } from "./runtime/services.ts";
export type { OwnCredential, SourceCredential, UserCredential } from "./runtime/source-credential.ts";
export type { IdentityOptions } from "./runtime/start-place.ts";
export type { TokenProvider } from "./runtime/token-provider.ts";
export { principalOf } from "./token/principal.ts";

/**
 * Drop-in replacement for `@azure/identity`: the same classes, errors and types over azidentity.
 */

export { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./authentication-record.ts";
export { AzureAuthorityHosts } from "./authority-hosts.ts";
export { type GetBearerTokenProviderOptions, getBearerTokenProvider } from "./bearer-token-provider.ts";
export {
  AuthorizationCodeCredential,
  type AuthorizationCodeCredentialOptions,
} from "./credentials/authorization-code-credential.ts";
export { AzureCliCredential, type AzureCliCredentialOptions } from "./credentials/azure-cli-credential.ts";
export {
  AzureDeveloperCliCredential,
  type AzureDeveloperCliCredentialOptions,
} from "./credentials/azure-developer-cli-credential.ts";
export {
  AzurePipelinesCredential,
  type AzurePipelinesCredentialOptions,
} from "./credentials/azure-pipelines-credential.ts";
export {
  AzurePowerShellCredential,
  type AzurePowerShellCredentialOptions,
} from "./credentials/azure-powershell-credential.ts";
export { ChainedTokenCredential } from "./credentials/chained-token-credential.ts";
export {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "./credentials/client-assertion-credential.ts";
/** The name in the Azure Identity libraries of other languages. */
export {
  ClientCertificateCredential,
  ClientCertificateCredential as CertificateCredential,
  type ClientCertificateCredentialOptions,
  type ClientCertificateCredentialPEMConfiguration,
  type ClientCertificatePEMCertificate,
  type ClientCertificatePEMCertificatePath,
} from "./credentials/client-certificate-credential.ts";
export { ClientSecretCredential, type ClientSecretCredentialOptions } from "./credentials/client-secret-credential.ts";
export { DefaultAzureCredential, getDefaultAzureCredential } from "./credentials/default-azure-credential.ts";
export type {
  DefaultAzureCredentialClientIdOptions,
  DefaultAzureCredentialEnvVars,
  DefaultAzureCredentialOptions,
  DefaultAzureCredentialResourceIdOptions,
} from "./credentials/default-azure-credential-options.ts";
export {
  DeviceCodeCredential,
  type DeviceCodeCredentialOptions,
  type DeviceCodeInfo,
  type DeviceCodePromptCallback,
} from "./credentials/device-code-credential.ts";
export { EnvironmentCredential, type EnvironmentCredentialOptions } from "./credentials/environment-credential.ts";
export {
  InteractiveBrowserCredential,
  type InteractiveBrowserCredentialInBrowserOptions,
  type InteractiveBrowserCredentialNodeOptions,
} from "./credentials/interactive-browser-credential.ts";
export {
  ManagedIdentityCredential,
  type ManagedIdentityCredentialClientIdOptions,
  type ManagedIdentityCredentialObjectIdOptions,
  type ManagedIdentityCredentialResourceIdOptions,
} from "./credentials/managed-identity-credential.ts";
export {
  OnBehalfOfCredential,
  type OnBehalfOfCredentialAssertionOptions,
  type OnBehalfOfCredentialCertificateOptions,
  type OnBehalfOfCredentialOptions,
  type OnBehalfOfCredentialSecretOptions,
} from "./credentials/on-behalf-of-credential.ts";
export {
  UsernamePasswordCredential,
  type UsernamePasswordCredentialOptions,
} from "./credentials/username-password-credential.ts";
export {
  VisualStudioCodeCredential,
  type VisualStudioCodeCredentialOptions,
} from "./credentials/visual-studio-code-credential.ts";
export {
  WorkloadIdentityCredential,
  type WorkloadIdentityCredentialOptions,
} from "./credentials/workload-identity-credential.ts";
export type { ErrorResponse } from "./errors/error-body.ts";
export {
  AggregateAuthenticationError,
  AggregateAuthenticationErrorName,
  AuthenticationError,
  AuthenticationError as ClientAuthenticationError,
  AuthenticationErrorName,
  AuthenticationRequiredError,
  type AuthenticationRequiredErrorOptions,
  CredentialUnavailableError,
  CredentialUnavailableErrorName,
} from "./errors/errors.ts";
export { logger } from "./logging/logger.ts";
export { type IdentityPlugin, useIdentityPlugin } from "./plugins/use-identity-plugin.ts";
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

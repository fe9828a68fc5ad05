/**
 * What `@azidentity/core` is in a Worker: the same, with `fetch` as its transport. Its types are
 * those of index.ts.
 */
export { defineConfig } from "./config/define.ts";
export { AzureAuthorityHosts } from "./entra/clouds.ts";
export {
  AbortError,
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  ConfigurationError,
  CredentialUnavailableError,
  isIdentityError,
} from "./errors/errors.ts";
export { createIdentity } from "./identity-in-worker.ts";
export { definePlugin, defineSource } from "./options/define-options.ts";
export { principalOf } from "./token/principal.ts";

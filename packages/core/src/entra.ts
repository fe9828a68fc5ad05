/**
 * For authors of plugins that talk to Microsoft Entra ID: authorities and their regions, token
 * requests and responses, errors. Loaded by the plugins that use it, not by programs that
 * import `@azidentity/core`. It may change in any release before 1.0.
 */

export {
  type Application,
  type ApplicationCredentialSettings,
  type ApplicationGrant,
  createApplicationCredential,
} from "./entra/application-credential.ts";
export {
  checkApplicationScopes,
  checkApplicationTenant,
  checkEntraTenant,
  checkTokenTenant,
} from "./entra/check-request.ts";
export type { AssertionTarget, ClientAuthentication, ClientCredential } from "./entra/client-credential.ts";
export { type JsonFields, readJsonAnswer } from "./entra/json-answer.ts";
export { onBehalfOf } from "./entra/on-behalf-of.ts";
export { entraRetries } from "./entra/retries.ts";
export { sendWithinLimit } from "./entra/send-within-limit.ts";
export {
  createTokenClient,
  requestClaims,
  type TokenClient,
  type TokenClientSettings,
  type TokenExchange,
  tokenEndpoint,
} from "./entra/token-client.ts";
export { readTokenResponse, type TokenResponse } from "./entra/token-response.ts";
export { type AadstsRows, aadstsRow } from "./errors/aadsts.ts";
export type { AadstsRow } from "./errors/aadsts-applications.ts";
export { aadstsUserRows } from "./errors/aadsts-users.ts";
export { type EntraErrorSettings, entraError, parseEntraError } from "./errors/entra-error.ts";
export { sharedTenantNames } from "./util/ids.ts";

/** Credential sources that sign in at Microsoft Entra ID. A plugin for `@azidentity/core`. */
import { definePlugin } from "@azidentity/core/plugin";
import { authorizationCode } from "./sources/authorization-code.ts";
import { azurePipelines } from "./sources/azure-pipelines.ts";
import { clientAssertion } from "./sources/client-assertion.ts";
import { clientCertificate } from "./sources/client-certificate.ts";
import { clientSecret } from "./sources/client-secret.ts";
import { deviceCode } from "./sources/device-code.ts";
import { environment } from "./sources/environment.ts";
import { federated } from "./sources/federated.ts";
import { githubActions } from "./sources/github-actions.ts";
import { interactiveBrowser } from "./sources/interactive-browser.ts";
import { onBehalfOf } from "./sources/on-behalf-of.ts";
import { usernamePassword } from "./sources/username-password.ts";

export type { OpenBrowserCallback } from "./browser/open-browser.ts";
export type { ExternalSigner } from "./certificate/signer.ts";
export type { AssertionRequest, GetAssertion } from "./client-authentication/assertion-callback.ts";
export type { FederatedAssertion } from "./client-authentication/federated.ts";
export type { DeviceCodeOptions } from "./sources/device-code.ts";
export type { UsernamePasswordOptions } from "./sources/username-password.ts";
export { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./user/authentication-record.ts";
export type { UserPromptCallback } from "./user/device-code-sign-in.ts";
export type { DeviceCodeInfo } from "./user/device-http.ts";

/** Put it into `plugins` of a config, or name the package there. */
export const entra = definePlugin({
  name: "@azidentity/plugin-entra",
  sources: [
    environment,
    githubActions,
    azurePipelines,
    clientSecret,
    clientAssertion,
    clientCertificate,
    federated,
    onBehalfOf,
    authorizationCode,
    deviceCode,
    interactiveBrowser,
    usernamePassword,
  ],
});
export default entra;

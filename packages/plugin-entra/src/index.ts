/**
 * Credential sources that sign in applications at Microsoft Entra ID. A plugin for
 * `@azidentity/core`.
 */
import { definePlugin } from "@azidentity/core/plugin";
import { azurePipelines } from "./sources/azure-pipelines.ts";
import { clientAssertion } from "./sources/client-assertion.ts";
import { clientCertificate } from "./sources/client-certificate.ts";
import { clientSecret } from "./sources/client-secret.ts";
import { environment } from "./sources/environment.ts";
import { federated } from "./sources/federated.ts";
import { githubActions } from "./sources/github-actions.ts";
import { onBehalfOf } from "./sources/on-behalf-of.ts";

export type { ExternalSigner } from "./certificate/signer.ts";
export type { AssertionRequest, GetAssertion } from "./client-authentication/assertion-callback.ts";
export type { FederatedAssertion } from "./client-authentication/federated.ts";

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
  ],
});
export default entra;

import type { OidcIssuers } from "./oidc/oidc-service.ts";
import { type HostName, hostNames } from "./service-names.ts";

/** What the variables are made of. */
export interface EnvironmentFacts {
  readonly authorityHost: string;
  readonly caCertificateFile: string;
  readonly tenantId: string;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly issuers: OidcIssuers;
}

const scenes = {
  "service-principal": ({ authorityHost, tenantId, application }: EnvironmentFacts) => ({
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: application.clientId,
    AZURE_CLIENT_SECRET: application.clientSecret,
  }),
  "github-actions": ({ authorityHost, tenantId, application, issuers: { githubActions } }: EnvironmentFacts) => ({
    GITHUB_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: githubActions.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubActions.requestToken,
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: application.clientId,
  }),
  /** The names of the last three are those that a pipeline's task for a service connection sets. */
  "azure-pipelines": ({ authorityHost, tenantId, application, issuers: { azurePipelines } }: EnvironmentFacts) => ({
    TF_BUILD: "True",
    SYSTEM_OIDCREQUESTURI: azurePipelines.requestUri,
    SYSTEM_ACCESSTOKEN: azurePipelines.systemAccessToken,
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURESUBSCRIPTION_TENANT_ID: tenantId,
    AZURESUBSCRIPTION_CLIENT_ID: application.clientId,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: azurePipelines.serviceConnectionId,
  }),
};

/** Where a client believes to run. */
export type Scene = keyof typeof scenes | HostName;

/** The variables that put a client in a scene, and let a child process of Node.js trust the emulator. */
export function describeEnvironment(scene: Exclude<Scene, HostName>, facts: EnvironmentFacts): Record<string, string> {
  if (!Object.hasOwn(scenes, scene)) {
    throw new TypeError(`There is no scene "${scene}"; there is ${[...Object.keys(scenes), ...hostNames].join(", ")}.`);
  }
  return { ...scenes[scene](facts), NODE_EXTRA_CA_CERTS: facts.caCertificateFile };
}

/** The same for a host of managed identities, which has variables of its own. */
export function describeHost(
  variables: Readonly<Record<string, string>>,
  facts: EnvironmentFacts,
): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: facts.caCertificateFile, ...variables };
}

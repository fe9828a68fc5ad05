import type { OidcIssuers } from "./oidc/oidc-service.ts";
import { type HostName, hostNames } from "./service-names.ts";

/** The values of the variables. */
export interface EnvironmentFacts {
  readonly authorityHost: string;
  /** Certificates that a child process has to trust. */
  readonly trustedFile: string;
  readonly tenantId: string;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly issuers: OidcIssuers;
}

const presets = {
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
  /** The last three names are those of a pipeline task with a service connection. */
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

/** The environment that a client detects from its variables. */
export type EnvironmentPreset = keyof typeof presets | HostName;

/**
 * The variables of a preset, and `NODE_EXTRA_CA_CERTS`, by which a child process of Node.js trusts
 * the emulator.
 */
export function describeEnvironment(
  preset: Exclude<EnvironmentPreset, HostName>,
  facts: EnvironmentFacts,
): Record<string, string> {
  if (!Object.hasOwn(presets, preset)) {
    throw new TypeError(
      `Unknown environment preset "${preset}". The presets are ${[...Object.keys(presets), ...hostNames].join(", ")}.`,
    );
  }
  return { ...presets[preset](facts), NODE_EXTRA_CA_CERTS: facts.trustedFile };
}

/** The variables of a managed-identity host. */
export function describeHost(
  variables: Readonly<Record<string, string>>,
  facts: EnvironmentFacts,
): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: facts.trustedFile, ...variables };
}

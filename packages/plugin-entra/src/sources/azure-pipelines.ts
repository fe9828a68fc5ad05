import {
  type Detection,
  defineOptions,
  defineSource,
  type ObjectOf,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { applicationFields, type Given, requireApplication } from "../application-options.ts";
import type { OidcRequest } from "../proof/oidc-proof.ts";

const who = "azure-pipelines";

const fields = {
  ...applicationFields,
  clientId: {
    type: "string",
    description:
      "Application (client) id of the service connection. Default: AZURESUBSCRIPTION_CLIENT_ID, AZURE_CLIENT_ID.",
  },
  serviceConnectionId: {
    type: "string",
    description: "Id of the service connection. Default: AZURESUBSCRIPTION_SERVICE_CONNECTION_ID.",
  },
  systemAccessToken: {
    type: "string",
    secret: true,
    description: "The job's $(System.AccessToken). Default: SYSTEM_ACCESSTOKEN.",
  },
} as const;
export type AzurePipelinesOptions = ObjectOf<typeof fields>;

/**
 * Signs in the application of a service connection of Azure Pipelines.
 * Source: https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure
 */
export const azurePipelines = defineSource({
  name: who,
  kind: "deployed",
  priority: 260,
  tenants: "checked",
  options: defineOptions(fields),
  detect: detectJob,
  homeTenant: tenantOf,
  subject: (options, context) => withDefaults(options, context).clientId ?? "nobody",
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const { proveByOidc, secureUrl, insecureUrl } = await import("../proof/oidc-proof.ts");
    const prove = proveByOidc(() => {
      const { serviceConnectionId = "", systemAccessToken } = withDefaults(options, context);
      const url = secureUrl(context.env.SYSTEM_OIDCREQUESTURI);
      if (url === undefined) throw insecureUrl(who, "SYSTEM_OIDCREQUESTURI");
      if (systemAccessToken === undefined) throw withoutAccessToken();
      return requestOf(url, serviceConnectionId, systemAccessToken);
    }, context);
    return createApplicationCredential(() => {
      if (!isJob(context)) throw outcomeError("not-configured", `${who}: ${notThere}`);
      return { who, ...requireApplication(given(options, context), context), prove };
    }, context);
  },
});

const notThere = "This is no job of Azure Pipelines: SYSTEM_OIDCREQUESTURI is not set.";
const isJob = ({ env }: SourceContext) => env.SYSTEM_OIDCREQUESTURI !== undefined;

function withDefaults(options: AzurePipelinesOptions, { env }: SourceContext) {
  return {
    clientId: options.clientId ?? env.AZURESUBSCRIPTION_CLIENT_ID ?? env.AZURE_CLIENT_ID,
    serviceConnectionId: options.serviceConnectionId ?? env.AZURESUBSCRIPTION_SERVICE_CONNECTION_ID,
    systemAccessToken: options.systemAccessToken ?? env.SYSTEM_ACCESSTOKEN,
  };
}

/** What the task of the service connection says comes before AZURE_TENANT_ID, as its client id does. */
function tenantOf(options: AzurePipelinesOptions, { defaults, env }: SourceContext): string | undefined {
  const fromTask = options.clientId === undefined ? env.AZURESUBSCRIPTION_TENANT_ID : undefined;
  return options.tenantId ?? fromTask ?? defaults.tenantId ?? env.AZURESUBSCRIPTION_TENANT_ID;
}

function given(options: AzurePipelinesOptions, context: SourceContext): Given {
  const { clientId, serviceConnectionId } = withDefaults(options, context);
  const application = { tenantId: tenantOf(options, context), clientId };
  return { who, options: application, proof: { "`serviceConnectionId`": serviceConnectionId } };
}

/** A pipeline in which nobody names a service connection signs in some other way; one that names it means it. */
function detectJob(options: AzurePipelinesOptions, context: SourceContext): Detection {
  if (!isJob(context)) return { state: "absent", reason: notThere };
  const isNamed = options.clientId !== undefined || options.serviceConnectionId !== undefined;
  const { clientId, serviceConnectionId } = withDefaults(options, context);
  const complete = clientId && serviceConnectionId && tenantOf(options, context);
  if (!complete && !isNamed)
    return {
      state: "absent",
      reason: "No tenant, client id and service connection say which application the job signs in.",
    };
  return { state: "ready", reason: "The job signs in the application of a service connection." };
}

function withoutAccessToken() {
  return outcomeError("misconfigured", `${who}: the job has no access token to ask for an assertion by.`, {
    code: "missing-system-access-token",
    remedy: "Give the step `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }`.",
  });
}

function requestOf(url: URL, serviceConnectionId: string, systemAccessToken: string): OidcRequest {
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", serviceConnectionId);
  return {
    who,
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      "content-length": "0",
      authorization: `Bearer ${systemAccessToken}`,
      "x-tfs-fedauthredirect": "Suppress", // or a refusal is a redirect to a sign-in page
    },
    secrets: [systemAccessToken],
    field: "oidcToken",
    audience: "api://AzureADTokenExchange",
    remedy: "Check the service connection's id, and that this pipeline may use it.",
  };
}

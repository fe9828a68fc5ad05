import { defineOptions, emptyOf, type ObjectOf, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineJobSource } from "../job-source.ts";

const sourceName = "azure-pipelines";

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
export const azurePipelines = defineJobSource({
  name: sourceName,
  priority: 260,
  options: defineOptions(fields),
  isJob: ({ env }) => env.SYSTEM_OIDCREQUESTURI !== undefined,
  absentReason: "This is not a job of Azure Pipelines: SYSTEM_OIDCREQUESTURI is not set.",
  homeTenant: {
    // the tenant of the service connection's task precedes the config's, as its client id does
    own: ({ clientId }: AzurePipelinesOptions, { env }) =>
      clientId === undefined ? env.AZURESUBSCRIPTION_TENANT_ID : undefined,
    variables: ["AZURE_TENANT_ID", "AZURESUBSCRIPTION_TENANT_ID"],
    required: true,
  },
  settings(options, context) {
    const { clientId, serviceConnectionId } = withDefaults(options, context);
    return { clientId, credentials: { "`serviceConnectionId`": serviceConnectionId } };
  },
  isExplicit: ({ clientId, serviceConnectionId }) => clientId !== undefined || serviceConnectionId !== undefined,
  missingReason(options, context, tenantId) {
    if (emptyOf(context.env, connectionVariables(options)).length > 0) return undefined;
    const { clientId, serviceConnectionId } = withDefaults(options, context);
    if (clientId && serviceConnectionId && tenantId) return undefined;
    return {
      reason: "Tenant, client id or service connection is missing, so the job has no application to sign in.",
      remedy: "Run the step in an AzureCLI@2 task, or set `tenantId`, `clientId` and `serviceConnectionId`.",
    };
  },
  variables: (options) => [...connectionVariables(options), ...tokenVariables(options), ...clientVariables(options)],
  findEmptyVariables(options, { env }) {
    return emptyOf(env, [...connectionVariables(options), ...tokenVariables(options)]);
  },
  oidcRequest(options, context) {
    const { serviceConnectionId = "", systemAccessToken } = withDefaults(options, context);
    if (systemAccessToken === undefined) throw withoutAccessToken();
    return {
      sourceName,
      method: "POST",
      address: context.env.SYSTEM_OIDCREQUESTURI,
      variable: "SYSTEM_OIDCREQUESTURI",
      parameters: { "api-version": "7.1", serviceConnectionId },
      headers: {
        "content-type": "application/json",
        "content-length": "0",
        authorization: `Bearer ${systemAccessToken}`,
        "x-tfs-fedauthredirect": "Suppress", // otherwise a refusal is a redirect to a sign-in page
      },
      secrets: [systemAccessToken],
      field: "oidcToken",
      audience: "api://AzureADTokenExchange",
      requestIds: ["x-vss-e2eid", "x-msedge-ref"],
      remedy: "Check the service connection's id, and that this pipeline may use it.",
    };
  },
});

/** The variables of the service connection's task that no option replaces. */
function connectionVariables({ tenantId, clientId, serviceConnectionId }: AzurePipelinesOptions): string[] {
  const variables = {
    AZURESUBSCRIPTION_TENANT_ID: clientId ?? tenantId,
    AZURESUBSCRIPTION_CLIENT_ID: clientId,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: serviceConnectionId,
  };
  return Object.entries(variables).flatMap(([name, option]) => (option === undefined ? [name] : []));
}

const tokenVariables = ({ systemAccessToken }: AzurePipelinesOptions) =>
  systemAccessToken === undefined ? ["SYSTEM_ACCESSTOKEN"] : [];
const clientVariables = ({ clientId }: AzurePipelinesOptions) => (clientId === undefined ? ["AZURE_CLIENT_ID"] : []);

function withDefaults(options: AzurePipelinesOptions, { env }: SourceContext) {
  return {
    clientId: options.clientId ?? env.AZURESUBSCRIPTION_CLIENT_ID ?? env.AZURE_CLIENT_ID,
    serviceConnectionId: options.serviceConnectionId ?? env.AZURESUBSCRIPTION_SERVICE_CONNECTION_ID,
    systemAccessToken: options.systemAccessToken ?? env.SYSTEM_ACCESSTOKEN,
  };
}

function withoutAccessToken() {
  return outcomeError("misconfigured", `${sourceName}: the job has no access token to request an assertion with.`, {
    code: "missing-system-access-token",
    remedy: "Add to the step `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }`.",
  });
}

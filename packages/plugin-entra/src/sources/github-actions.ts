import { defineOptions, emptyOf, type ObjectOf, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { applicationFields, applicationTenant } from "../application.ts";
import { defineJobSource } from "../job-source.ts";

const sourceName = "github-actions";
const permission = "Give the job `permissions: { id-token: write }`, and `contents: read` for the checkout.";

const fields = {
  ...applicationFields,
  clientId: { type: "string", description: "Application (client) id. Default: AZURE_CLIENT_ID." },
  audience: { type: "string", description: "Audience of the job's token. Default: that of the configured cloud." },
} as const;
export type GithubActionsOptions = ObjectOf<typeof fields>;

/**
 * Signs in an application that trusts a workflow of GitHub Actions. Source:
 * https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 */
export const githubActions = defineJobSource({
  name: sourceName,
  priority: 250,
  options: defineOptions(fields),
  isJob: ({ env }) => env.GITHUB_ACTIONS === "true" || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined,
  absentReason: "This is not a job of GitHub Actions.",
  homeTenant: applicationTenant,
  settings: (options, context) => ({ clientId: clientIdOf(options, context), credentials: {} }),
  isExplicit: ({ clientId }) => clientId !== undefined,
  missingReason(options, context, tenantId) {
    if (!clientIdOf(options, context) || !tenantId)
      return {
        reason: "Client id or tenant is missing, so the job has no application to sign in.",
        remedy: "Set AZURE_CLIENT_ID and AZURE_TENANT_ID, and give the job `permissions: { id-token: write }`.",
      };
    const { address, token } = serviceOf(context);
    if (emptyOf(context.env, serviceVariables).length > 0) return undefined;
    const isAllowed = address !== undefined && token !== undefined;
    return isAllowed ? undefined : { reason: "The job may not request a token.", remedy: permission };
  },
  variables: ({ clientId }) => [...serviceVariables, ...(clientId === undefined ? ["AZURE_CLIENT_ID"] : [])],
  findEmptyVariables: (_, { env }) => emptyOf(env, serviceVariables),
  oidcRequest(options, context) {
    const { address, token } = serviceOf(context);
    if (address === undefined || token === undefined) throw withoutPermission();
    const audience = options.audience ?? context.cloud.tokenExchangeAudience;
    return {
      sourceName,
      method: "GET",
      address,
      variable: "ACTIONS_ID_TOKEN_REQUEST_URL",
      parameters: { audience },
      headers: { authorization: `Bearer ${token}` },
      secrets: [token],
      field: "value",
      audience,
      remedy: permission,
    };
  },
});

const clientIdOf = ({ clientId }: GithubActionsOptions, { env }: SourceContext) => clientId ?? env.AZURE_CLIENT_ID;
const serviceVariables = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
const serviceOf = ({ env }: SourceContext) => ({
  address: env.ACTIONS_ID_TOKEN_REQUEST_URL,
  token: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
});

function withoutPermission() {
  const message = `${sourceName}: the job may not request a token: ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set.`;
  return outcomeError("misconfigured", message, { code: "missing-id-token-permission", remedy: permission });
}

import { defineOptions, emptyOf, type ObjectOf, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { applicationFields, applicationTenant } from "../application-options.ts";
import { defineJobSource } from "../job-source.ts";

const who = "github-actions";
const permission = "Give the job `permissions: { id-token: write }`, and `contents: read` for the checkout.";

const fields = {
  ...applicationFields,
  clientId: { type: "string", description: "Application (client) id. Default: AZURE_CLIENT_ID." },
  audience: { type: "string", description: "Audience of the job's token. Default: what the cloud expects." },
} as const;
export type GithubActionsOptions = ObjectOf<typeof fields>;

/**
 * Signs in an application that trusts a workflow of GitHub Actions.
 * Source: https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 */
export const githubActions = defineJobSource({
  name: who,
  priority: 250,
  options: defineOptions(fields),
  isJob: ({ env }) => env.GITHUB_ACTIONS === "true" || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined,
  notThere: "This is no job of GitHub Actions.",
  homeTenant: applicationTenant,
  given: (options, context) => ({ clientId: clientIdOf(options, context), proof: {} }),
  isNamed: ({ clientId }) => clientId !== undefined,
  lacks(options, context, tenantId) {
    if (!clientIdOf(options, context) || !tenantId)
      return "No client id and tenant say which application the job signs in.";
    const { address, token } = serviceOf(context);
    if (emptyOf(context.env, serviceVariables).length > 0) return undefined;
    return address === undefined || token === undefined ? `The job may not ask for a token. ${permission}` : undefined;
  },
  empty: (_, { env }) => emptyOf(env, serviceVariables),
  ask(options, context) {
    const { address, token } = serviceOf(context);
    if (address === undefined || token === undefined) throw withoutPermission();
    const audience = options.audience ?? context.cloud.tokenExchangeAudience;
    return {
      who,
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
  const message = `${who}: the job may not ask for a token: ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set.`;
  return outcomeError("misconfigured", message, { code: "missing-id-token-permission", remedy: permission });
}

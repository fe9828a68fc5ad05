import {
  type Detection,
  defineOptions,
  defineSource,
  type ObjectOf,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { applicationFields, type Given, homeTenant, requireApplication } from "../application-options.ts";
import type { OidcRequest } from "../proof/oidc-proof.ts";

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
export const githubActions = defineSource({
  name: who,
  kind: "deployed",
  priority: 250,
  tenants: "checked",
  options: defineOptions(fields),
  detect: detectJob,
  homeTenant: (options, context) => homeTenant(options, context),
  subject: (options, context) => clientIdOf(options, context) ?? "nobody",
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const { proveByOidc, secureUrl, insecureUrl } = await import("../proof/oidc-proof.ts");
    const prove = proveByOidc(() => {
      const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = context.env;
      if (address === undefined || token === undefined) throw withoutPermission();
      const url = secureUrl(address);
      if (url === undefined) throw insecureUrl(who, "ACTIONS_ID_TOKEN_REQUEST_URL");
      return requestOf(url, token, options.audience ?? context.cloud.tokenExchangeAudience);
    }, context);
    return createApplicationCredential(() => {
      if (!isJob(context)) throw outcomeError("not-configured", `${who}: ${notThere}`);
      return { who, ...requireApplication(given(options, context), context), prove };
    }, context);
  },
});

const notThere = "This is no job of GitHub Actions.";
const isJob = ({ env }: SourceContext) =>
  env.GITHUB_ACTIONS === "true" || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
const clientIdOf = ({ clientId }: GithubActionsOptions, { env }: SourceContext) => clientId ?? env.AZURE_CLIENT_ID;

function given(options: GithubActionsOptions, context: SourceContext): Given {
  return { who, options: { ...options, clientId: clientIdOf(options, context) }, proof: {} };
}

/** What only variables name may be meant for others, so without the permission it passes; what options name is meant here. */
function detectJob(options: GithubActionsOptions, context: SourceContext): Detection {
  if (!isJob(context)) return { state: "absent", reason: notThere };
  const complete = clientIdOf(options, context) && homeTenant(options, context);
  if (!complete && options.clientId === undefined)
    return { state: "absent", reason: "No client id and tenant say which application the job signs in." };
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = context.env;
  const may = url !== undefined && token !== undefined;
  if (!may && options.clientId === undefined)
    return { state: "absent", reason: `The job may not ask for a token. ${permission}` };
  return { state: "ready", reason: "The job signs in an application that trusts it." };
}

function withoutPermission() {
  const message = `${who}: the job may not ask for a token: ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set.`;
  return outcomeError("misconfigured", message, { code: "missing-id-token-permission", remedy: permission });
}

function requestOf(url: URL, token: string, audience: string): OidcRequest {
  url.searchParams.set("audience", audience);
  return {
    who,
    method: "GET",
    url,
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
    field: "value",
    audience,
    remedy: permission,
  };
}

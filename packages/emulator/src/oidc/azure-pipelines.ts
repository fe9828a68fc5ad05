import { randomBytes, randomUUID } from "node:crypto";
import type { Reply, ServerRequest } from "../http/message.ts";
import type { Route } from "../http/route.ts";
import { type IssuerFacts, type IssuerParts, issueOidcToken, type OidcTokenOptions } from "./issuer.ts";
import { bearerToken, vssError } from "./vss-error.ts";

/** The issuer of Azure Pipelines, and the values by which a job requests its tokens. */
export interface AzurePipelines {
  /** `iss` of the tokens. */
  readonly issuer: string;
  /** `sub` of the tokens: the service connection. */
  readonly subject: string;
  /** `SYSTEM_OIDCREQUESTURI` of the job. */
  readonly requestUri: string;
  /** `SYSTEM_ACCESSTOKEN` of the job. */
  readonly systemAccessToken: string;
  /** `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID` of the job. */
  readonly serviceConnectionId: string;
  /** Issues a token, without a request of a job. `options` replace its defaults. Never rejects. */
  issueToken(options?: OidcTokenOptions): Promise<string>;
}

export const issuer = "https://vstoken.dev.azure.com/9a5f0c3e-7a5d-4b62-9c36-5d0a1f3e2b71";
export const subject = "sc://contoso/orders/production";

const facts: IssuerFacts = {
  issuer,
  subject,
  lifetimeSeconds: 600,
  claims: { org_id: "9a5f0c3e-7a5d-4b62-9c36-5d0a1f3e2b71", repo_id: "b2b4d8a0-5d1f-4c0e-8a55-6f0b7c9d1e20" },
};

export function createAzurePipelines(parts: IssuerParts) {
  const systemAccessToken = randomBytes(32).toString("base64url");
  const serviceConnectionId = randomUUID();
  const path = `/contoso/${randomUUID()}/_apis/distributedtask/hubs/build/plans/${randomUUID()}/jobs/${randomUUID()}/oidctoken`;

  const handle = async ({ url, headers }: ServerRequest): Promise<Reply> => {
    if (bearerToken(headers) !== systemAccessToken) return signInReply(url, headers);
    if (!url.searchParams.get("api-version")) {
      return vssError(400, "VssVersionNotSpecifiedException", 'No api-version was supplied for the "POST" request.');
    }
    const connection = url.searchParams.get("serviceConnectionId");
    if (connection?.toLowerCase() !== serviceConnectionId) {
      return vssError(404, "ServiceEndpointDoesNotExistException", "The service connection was not found.");
    }
    return { status: 200, body: { oidcToken: await issueOidcToken(parts, facts) } };
  };
  const route: Route = { method: "POST", path, handle };
  const describe = (origin: string): AzurePipelines => ({
    issuer,
    subject,
    requestUri: `${origin}${path}`,
    systemAccessToken,
    serviceConnectionId,
    issueToken: (options) => issueOidcToken(parts, facts, options),
  });
  return { issuer, routes: [route], describe };
}

/**
 * A client without the header `X-TFS-FedAuthRedirect` is redirected to the sign-in page, as a
 * browser is.
 */
function signInReply({ origin }: URL, headers: ServerRequest["headers"]): Reply {
  if (headers["x-tfs-fedauthredirect"]?.toLowerCase() !== "suppress") {
    return { status: 302, headers: { location: `${origin}/_signin?realm=dev.azure.com` } };
  }
  return vssError(401, "UnauthorizedRequestException", "TF400813: The user is not authorized to access this resource.");
}

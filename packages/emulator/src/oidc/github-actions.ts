import { randomBytes, randomUUID } from "node:crypto";
import type { ServerRequest } from "../http/message.ts";
import type { Route } from "../http/route.ts";
import { type IssuerFacts, type IssuerParts, issueOidcToken, type OidcTokenOptions } from "./issuer.ts";
import { bearerToken, vssError } from "./vss-error.ts";

/** The issuer of GitHub Actions, and the values by which a job requests its tokens. */
export interface GithubActions {
  /** `iss` of the tokens. */
  readonly issuer: string;
  /** `sub` of the tokens: the workflow. */
  readonly subject: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` of the job, which has a query. */
  readonly requestUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` of the job. */
  readonly requestToken: string;
  /** Issues a token, without a request of a job. `options` replace its defaults. Never rejects. */
  issueToken(options?: OidcTokenOptions): Promise<string>;
}

export const issuer = "https://token.actions.githubusercontent.com";
export const subject = "repo:contoso/orders:ref:refs/heads/main";

const facts: IssuerFacts = {
  issuer,
  subject,
  lifetimeSeconds: 300,
  claims: {
    actor: "octocat",
    event_name: "push",
    job_workflow_ref: "contoso/orders/.github/workflows/deploy.yml@refs/heads/main",
    ref: "refs/heads/main",
    ref_type: "branch",
    repository: "contoso/orders",
    repository_owner: "contoso",
    repository_visibility: "private",
    run_attempt: "1",
    run_id: "1",
    runner_environment: "github-hosted",
    workflow: "deploy",
  },
};

export function createGithubActions(parts: IssuerParts) {
  const requestToken = randomBytes(32).toString("base64url");
  const path = `/github/_apis/distributedtask/hubs/Actions/plans/${randomUUID()}/jobs/${randomUUID()}/idtoken`;
  const route: Route = {
    method: "GET",
    path,
    async handle({ url, headers }: ServerRequest) {
      if (bearerToken(headers) !== requestToken) {
        return vssError(
          401,
          "UnauthorizedRequestException",
          "TF400813: The user is not authorized to access this resource.",
        );
      }
      // the default audience is the owner of the repository
      const audience = url.searchParams.get("audience") || "https://github.com/contoso";
      const value = await issueOidcToken(parts, facts, { audience });
      return { status: 200, body: { count: value.length, value } };
    },
  };
  const describe = (origin: string): GithubActions => ({
    issuer,
    subject,
    requestUrl: `${origin}${path}?api-version=2.0`,
    requestToken,
    issueToken: (options) => issueOidcToken(parts, facts, options),
  });
  return { issuer, routes: [route], describe };
}

import type { TokenRequest } from "../contract/token.ts";
import { aadstsUserRows } from "../errors/aadsts-users.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import type { ApplicationGrant } from "./application-credential.ts";

/** Scopes that Entra's libraries add to every request for a user. */
const userScopes = ["openid", "profile", "offline_access"];

function userAssertionOf(sourceName: string, { userAssertion }: TokenRequest): string {
  if (userAssertion) return userAssertion;
  throw outcomeError("misconfigured", `${sourceName}: the request has no user to act on behalf of.`, {
    code: "missing-user-assertion",
    remedy: `Call identity.credential("${sourceName}", options).forUser(assertion), with the access token of the caller.`,
  });
}

/**
 * The application acts on behalf of the user whose access token it received.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export const onBehalfOf: ApplicationGrant = {
  isRegional: false,
  parameters: (sourceName, request) => ({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: userAssertionOf(sourceName, request),
    requested_token_use: "on_behalf_of",
    client_info: "1",
    scope: [...new Set([...request.scopes, ...userScopes])].join(" "),
  }),
  secrets: ({ userAssertion = "" }) => [userAssertion],
  rows: aadstsUserRows,
};

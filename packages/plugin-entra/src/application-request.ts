import { type IdentityError, outcomeError, type TokenRequest } from "@azidentity/core/plugin";

/** Refuses what an application that acts for itself cannot get, so that nobody is handed something else instead. */
export function checkApplicationRequest(who: string, request: TokenRequest): void {
  if (request.userAssertion !== undefined) {
    throw misconfigured(who, "act-for-user-unsupported", "it signs in an application, not a user.", {
      remedy: "Use the source on-behalf-of.",
    });
  }
  if (request.proofOfPossession !== undefined) {
    throw misconfigured(who, "proof-of-possession-unsupported", "it cannot bind tokens to a request.");
  }
  const [scope, ...others] = request.scopes;
  if (others.length > 0 || !scope.endsWith("/.default")) throw wrongScope(who, request.scopes);
}

/** The grant takes one resource, and all that the application was granted there. RFC 6749 section 4.4; AADSTS1002012. */
function wrongScope(who: string, scopes: readonly string[]): IdentityError {
  return misconfigured(who, "invalid-scope", `an application cannot ask for ${scopes.join(" ")}.`, {
    remedy: 'Ask for one resource at a time, as "<resource>/.default", like "https://vault.azure.net/.default".',
  });
}

function misconfigured(who: string, code: string, message: string, details: { readonly remedy?: string } = {}) {
  return outcomeError("misconfigured", `${who}: ${message}`, { code, ...details });
}

import { type IdentityError, outcomeError, type TokenRequest } from "@azidentity/core/plugin";

/** Refuses scopes that an application that acts for itself cannot get. */
export function checkApplicationRequest(who: string, request: TokenRequest): void {
  const [scope, ...others] = request.scopes;
  if (others.length > 0 || !scope.endsWith("/.default")) throw wrongScope(who, request.scopes);
}

/** The grant takes one resource, and all that the application was granted there. RFC 6749 section 4.4; AADSTS1002012. */
function wrongScope(who: string, scopes: readonly string[]): IdentityError {
  return outcomeError("misconfigured", `${who}: an application cannot ask for ${scopes.join(" ")}.`, {
    code: "invalid-scope",
    remedy: 'Ask for one resource at a time, as "<resource>/.default", like "https://vault.azure.net/.default".',
  });
}

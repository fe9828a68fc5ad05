import { AuthenticationRequiredError, type TokenRequest } from "@azidentity/core/plugin";

/** What a person has to satisfy, as Entra said when it refused to go on without them. */
export const claimsOf = (error: unknown) => (error as AuthenticationRequiredError | undefined)?.claims;

/** What a program gets that may not ask anybody: all that `authenticate()` has to be called with. */
export function signInRequired(sourceName: string, request: TokenRequest, cause: unknown): AuthenticationRequiredError {
  const { scopes, tenantId, enableCae, proofOfPossession } = request;
  const claims = request.claims ?? claimsOf(cause);
  return new AuthenticationRequiredError(`${sourceName}: somebody has to sign in, and may not be asked now.`, {
    code: "sign-in-required",
    remedy: "Call authenticate() with these scopes when somebody can answer.",
    scopes,
    claims,
    getTokenOptions: {
      enableCae,
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(claims === undefined ? {} : { claims }),
      ...(proofOfPossession === undefined ? {} : { proofOfPossessionOptions: proofOfPossession }),
    },
    cause,
  });
}

import { isIdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { RedeemableCode } from "../msal/authorization-code.ts";
import { redeemOnce } from "./code-sign-in.ts";
import type { SignIn, UserApplication } from "./sign-in.ts";

/**
 * Redeems a code that the caller's web application has received. A code is valid once, so later
 * calls fail with the first response of Entra.
 *
 * @param readCode throws when there is no code
 */
export function signInByOwnCode(
  application: UserApplication,
  readCode: () => RedeemableCode,
  context: SourceContext,
): SignIn {
  let spent: unknown;
  return async (request) => {
    if (spent !== undefined) throw spent;
    try {
      const signedIn = await redeemOnce(application, readCode(), request, context);
      spent = used(application.sourceName);
      return signedIn;
    } catch (error) {
      if (isIdentityError(error) && "errorResponse" in error && error.errorResponse !== undefined) spent = error;
      throw error;
    }
  };
}

function used(sourceName: string) {
  return outcomeError("interaction-required", `${sourceName}: the code has been redeemed, and its sign-in has ended.`, {
    code: "code-used",
    remedy: "Redirect the user to the sign-in page again, and create a credential with the new code.",
  });
}

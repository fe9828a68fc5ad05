import { isIdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { RedeemableCode } from "../msal/authorization-code.ts";
import { redeemOnce } from "./code-sign-in.ts";
import type { SignIn, UserApplication } from "./sign-in.ts";

/** Redeems a code that the caller's own page has brought. Good once: what Entra answered stays the answer. */
export function signInByOwnCode(application: UserApplication, code: RedeemableCode, context: SourceContext): SignIn {
  let spent: unknown;
  return async (request) => {
    if (spent !== undefined) throw spent;
    try {
      const signedIn = await redeemOnce(application, code, request, context);
      spent = used(application.sourceName);
      return signedIn;
    } catch (error) {
      if (isIdentityError(error) && "errorResponse" in error && error.errorResponse !== undefined) spent = error;
      throw error;
    }
  };
}

function used(sourceName: string) {
  return outcomeError(
    "interaction-required",
    `${sourceName}: the code was redeemed, and its sign-in does not do any more.`,
    {
      code: "code-used",
      remedy: "Send the person to the sign-in page again, and make a credential of the code that comes from there.",
    },
  );
}

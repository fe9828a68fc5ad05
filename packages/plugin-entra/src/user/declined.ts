import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

/** The person at the page said no. */
export function declined(who: string): IdentityError {
  return outcomeError("cancelled", `${who}: the sign-in was declined at the page.`, {
    code: "sign-in-declined",
    remedy: "Sign in again, and agree if you trust the application.",
  });
}

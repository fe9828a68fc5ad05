import { type IdentityError, outcomeError, type parseEntraError } from "@azidentity/core/plugin";

type Said = NonNullable<ReturnType<typeof parseEntraError>>;

/** AADSTS65004: the person declined to consent. Other numbers come under the same word, such as 50105: nobody assigned them. */
const consentDeclined = 65004;

/** Whether the person at the page said no. RFC 6749 section 4.1.2.1; `authorization_declined` is Microsoft's word for device codes. */
export function isDeclined({ error, errorCodes = [] }: Pick<Said, "error" | "errorCodes">): boolean {
  if (error === "authorization_declined") return true;
  return error === "access_denied" && errorCodes.every((number) => number === consentDeclined);
}

export function declined(sourceName: string): IdentityError {
  return outcomeError("cancelled", `${sourceName}: the sign-in was declined at the page.`, {
    code: "sign-in-declined",
    remedy: "Sign in again, and agree if you trust the application.",
  });
}

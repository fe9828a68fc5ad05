import { defineOptions, type ObjectOf, outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import { applicationFields } from "../application-options.ts";
import { defineApplicationSource } from "../application-source.ts";
import { givenProofs, proofNames, proveByOptions } from "../proof/application-proof.ts";
import type { GetAssertion } from "../proof/callback-proof.ts";
import { certificateFields } from "../proof/certificate-options.ts";
import { federatedFields } from "../proof/federated-proof.ts";

const who = "on-behalf-of";

const fields = {
  ...applicationFields,
  clientSecret: { type: "string", secret: true, description: "Value of one of the application's client secrets." },
  ...certificateFields,
  getAssertion: {
    type: "function",
    as: {} as GetAssertion,
    description: "Returns a signed assertion that proves the application; called for each exchange.",
  },
  ...federatedFields,
} as const;
export type OnBehalfOfOptions = ObjectOf<typeof fields>;

/** Acts on behalf of the users who call a web API: `identity.credential("on-behalf-of", options).forUser(assertion)`. */
export const onBehalfOf = defineApplicationSource({
  name: who,
  supports: ["user-assertion"],
  options: defineOptions(fields),
  proof: (options) => ({ [proofNames]: givenProofs(options).length > 0 }),
  prove: (options, context) => proveByOptions(who, options, context),
  async createCredential(read, context) {
    const { createProvenCredential } = await import("../application-credential.ts");
    const { acquireOnBehalfOf } = await import("../msal/on-behalf-of.ts");
    return createProvenCredential(read, context, acquireOnBehalfOf, checkUser);
  },
});

function checkUser(_: string, { userAssertion }: TokenRequest): void {
  if (userAssertion) return;
  throw outcomeError("misconfigured", `${who}: nobody is named on whose behalf to act.`, {
    code: "missing-user-assertion",
    remedy: 'Ask identity.credential("on-behalf-of", options).forUser(assertion), with the access token of the caller.',
  });
}

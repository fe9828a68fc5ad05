import { defineOptions, defineSource, type ObjectOf, outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import {
  applicationFields,
  detectApplication,
  type Given,
  homeTenant,
  requireApplication,
} from "../application-options.ts";
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
export const onBehalfOf = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  supports: ["user-assertion"],
  options: defineOptions(fields),
  detect: (options, context) => detectApplication(given(options), context),
  homeTenant: (options, context) => homeTenant(options, context),
  subject: ({ clientId = "nobody" }) => clientId,
  async create(options, context) {
    const { createProvenCredential } = await import("../application-credential.ts");
    const { acquireOnBehalfOf } = await import("../msal/on-behalf-of.ts");
    const prove = proveByOptions(who, options, context);
    const read = () => ({ who, ...requireApplication(given(options), context), prove });
    return createProvenCredential(read, context, acquireOnBehalfOf, checkUser);
  },
});

function given(options: OnBehalfOfOptions): Given {
  return { who, options, proof: { [proofNames]: givenProofs(options).length > 0 } };
}

function checkUser(_: string, { userAssertion }: TokenRequest): void {
  if (userAssertion) return;
  throw outcomeError("misconfigured", `${who}: nobody is named on whose behalf to act.`, {
    code: "missing-user-assertion",
    remedy: 'Ask identity.credential("on-behalf-of", options).forUser(assertion), with the access token of the caller.',
  });
}

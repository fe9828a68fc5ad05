import { defineOptions, defineSource, type ObjectOf } from "@azidentity/core/plugin";
import {
  applicationFields,
  detectApplication,
  type Given,
  homeTenant,
  requireApplication,
} from "../application-options.ts";
import type { GetAssertion } from "../proof/callback-proof.ts";

const who = "client-assertion";

const fields = {
  ...applicationFields,
  getAssertion: {
    type: "function",
    as: {} as GetAssertion,
    description:
      "Returns a signed assertion; called for each exchange, with client id, tenant, token endpoint and an abort signal.",
  },
} as const;
export type ClientAssertionOptions = ObjectOf<typeof fields>;

/** Signs in an application with assertions that a function of the caller's brings. */
export const clientAssertion = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  options: defineOptions(fields),
  detect: (options, context) => detectApplication(given(options), context),
  homeTenant: (options, context) => homeTenant(options, context),
  subject: ({ clientId = "nobody" }) => clientId,
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const { proveByCallback } = await import("../proof/callback-proof.ts");
    const prove = proveByCallback(who, options.getAssertion ?? (() => ""));
    return createApplicationCredential(() => ({ who, ...requireApplication(given(options), context), prove }), context);
  },
});

function given(options: ClientAssertionOptions): Given {
  return { who, options, proof: { "`getAssertion`": options.getAssertion } };
}

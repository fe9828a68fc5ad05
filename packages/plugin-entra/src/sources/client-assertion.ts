import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application-options.ts";
import { defineApplicationSource } from "../application-source.ts";
import type { GetAssertion } from "../proof/callback-proof.ts";

const name = "client-assertion";

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
export const clientAssertion = defineApplicationSource({
  name,
  options: defineOptions(fields),
  proof: (options) => ({ "`getAssertion`": options.getAssertion }),
  async prove(options) {
    const { proveByCallback } = await import("../proof/callback-proof.ts");
    return proveByCallback(name, options.getAssertion ?? (() => ""));
  },
});

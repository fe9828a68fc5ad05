import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineApplicationSource } from "../application-source.ts";
import type { GetAssertion } from "../client-authentication/assertion-callback.ts";

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

/** Signs in an application with assertions that a function of the caller returns. */
export const clientAssertion = defineApplicationSource({
  name,
  options: defineOptions(fields),
  credentials: (options) => ({ "`getAssertion`": options.getAssertion }),
  async clientAuthentication(options) {
    const { callbackAuthentication } = await import("../client-authentication/assertion-callback.ts");
    return callbackAuthentication(name, options.getAssertion ?? (() => ""));
  },
});

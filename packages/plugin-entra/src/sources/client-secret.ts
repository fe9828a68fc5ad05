import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application-options.ts";
import { defineApplicationSource } from "../application-source.ts";
import { proveBySecret } from "../proof/proof.ts";

const fields = {
  ...applicationFields,
  clientSecret: {
    type: "string",
    secret: true,
    description: "Value (not the id) of one of the application's client secrets.",
  },
} as const;
export type ClientSecretOptions = ObjectOf<typeof fields>;

/** Signs in an application with a secret that its owner gave it. */
export const clientSecret = defineApplicationSource({
  name: "client-secret",
  options: defineOptions(fields),
  proof: (options) => ({ "`clientSecret`": options.clientSecret }),
  prove: (options) => proveBySecret(options.clientSecret ?? ""),
});

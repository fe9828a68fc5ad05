import { defineOptions, defineSource, type ObjectOf } from "@azidentity/core/plugin";
import {
  applicationFields,
  detectApplication,
  type Given,
  homeTenant,
  requireApplication,
} from "../application-options.ts";
import { proveBySecret } from "../proof/proof.ts";

const who = "client-secret";

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
export const clientSecret = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  options: defineOptions(fields),
  detect: (options, context) => detectApplication(given(options), context),
  homeTenant: (options, context) => homeTenant(options, context),
  subject: ({ clientId = "nobody" }) => clientId,
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const prove = proveBySecret(options.clientSecret ?? "");
    return createApplicationCredential(() => ({ who, ...requireApplication(given(options), context), prove }), context);
  },
});

function given(options: ClientSecretOptions): Given {
  return { who, options, proof: { "`clientSecret`": options.clientSecret } };
}

import { defineOptions, defineSource, type ObjectOf } from "@azidentity/core/plugin";
import {
  applicationFields,
  detectApplication,
  type Given,
  homeTenant,
  requireApplication,
} from "../application-options.ts";
import { federatedFields, proveByFederation } from "../proof/federated-proof.ts";

const who = "federated";

const fields = { ...applicationFields, ...federatedFields } as const;
export type FederatedSourceOptions = ObjectOf<typeof fields>;

/** Signs in an application that trusts the tokens of another source, such as a managed identity. */
export const federated = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  options: defineOptions(fields),
  detect: (options, context) => detectApplication(given(options), context),
  homeTenant: (options, context) => homeTenant(options, context),
  subject: ({ clientId = "nobody" }) => clientId,
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const prove = proveByFederation(who, options, context);
    return createApplicationCredential(() => ({ who, ...requireApplication(given(options), context), prove }), context);
  },
});

function given(options: FederatedSourceOptions): Given {
  return { who, options, proof: { "`assertion`": options.assertion } };
}

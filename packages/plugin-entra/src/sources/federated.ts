import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application-options.ts";
import { defineApplicationSource } from "../application-source.ts";
import { federatedFields, proveByFederation } from "../proof/federated-proof.ts";

const name = "federated";

const fields = { ...applicationFields, ...federatedFields } as const;
export type FederatedSourceOptions = ObjectOf<typeof fields>;

/** Signs in an application that trusts the tokens of another source, such as a managed identity. */
export const federated = defineApplicationSource({
  name,
  options: defineOptions(fields),
  proof: (options) => ({ "`assertion`": options.assertion }),
  prove: (options, context) => proveByFederation(name, options, context),
});

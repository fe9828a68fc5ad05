import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineApplicationSource } from "../application-source.ts";
import {
  federatedAuthentication,
  federatedFields,
  requireAssertionSource,
} from "../client-authentication/federated.ts";

const name = "federated";

const fields = { ...applicationFields, ...federatedFields } as const;
export type FederatedSourceOptions = ObjectOf<typeof fields>;

/** Signs in an application that trusts the tokens of another source, such as a managed identity. */
export const federated = defineApplicationSource({
  name,
  options: defineOptions(fields),
  credentials: (options) => ({ "`assertion`": options.assertion }),
  validate: requireAssertionSource,
  clientAuthentication: (options, context) => federatedAuthentication(name, options, context),
});

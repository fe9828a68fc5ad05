import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineApplicationSource, secretAuthentication } from "../application-source.ts";

const fields = {
  ...applicationFields,
  clientSecret: {
    type: "string",
    secret: true,
    description: "Value (not the id) of one of the application's client secrets.",
  },
} as const;
export type ClientSecretOptions = ObjectOf<typeof fields>;

/** Signs in an application with a client secret. */
export const clientSecret = defineApplicationSource({
  name: "client-secret",
  options: defineOptions(fields),
  credentials: (options) => ({ "`clientSecret`": options.clientSecret }),
  clientAuthentication: (options) => secretAuthentication(options.clientSecret ?? ""),
});

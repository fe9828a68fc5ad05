import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineApplicationSource } from "../application-source.ts";
import type { GetAssertion } from "../client-authentication/assertion-callback.ts";
import {
  certificateFields,
  certificateOrigins,
  hasCertificate,
  readCertificateOptions,
} from "../client-authentication/certificate-options.ts";
import {
  authenticationOptionNames,
  configuredAuthentication,
  givenAuthenticationOptions,
} from "../client-authentication/configured.ts";
import { federatedFields, requireAssertionSource } from "../client-authentication/federated.ts";

const sourceName = "on-behalf-of";

const fields = {
  ...applicationFields,
  clientSecret: { type: "string", secret: true, description: "Value of one of the application's client secrets." },
  ...certificateFields,
  getAssertion: {
    type: "function",
    as: {} as GetAssertion,
    description: "Returns a signed assertion that authenticates the application; called for each exchange.",
  },
  ...federatedFields,
} as const;
export type OnBehalfOfOptions = ObjectOf<typeof fields>;

/**
 * Acts on behalf of the users who call a web API: `identity.credential("on-behalf-of",
 * options).forUser(assertion)`.
 */
export const onBehalfOf = defineApplicationSource({
  name: sourceName,
  supports: ["user-assertion"],
  options: defineOptions(fields, {
    exclusive: [["clientSecret", ...certificateOrigins, "getAssertion", "assertion"]],
  }),
  credentials: (options) => ({ [authenticationOptionNames]: givenAuthenticationOptions(options).length > 0 }),
  validate(options, requireSource) {
    if (hasCertificate(options)) readCertificateOptions(sourceName, options);
    requireAssertionSource(options, requireSource);
  },
  clientAuthentication: (options, context) => configuredAuthentication(sourceName, options, context),
  loadGrant: async () => (await import("../on-behalf-of-grant.ts")).onBehalfOf,
});

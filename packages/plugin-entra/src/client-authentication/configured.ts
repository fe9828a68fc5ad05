import type { ClientAuthentication } from "@azidentity/core/entra";
import type { SourceContext } from "@azidentity/core/plugin";
import { secretAuthentication } from "../application-source.ts";
import type { GetAssertion } from "./assertion-callback.ts";
import { type CertificateOptions, hasCertificate } from "./certificate-options.ts";
import { type FederatedOptions, federatedAuthentication } from "./federated.ts";

/** All options that authenticate an application; exactly one of them is set. */
export interface ClientAuthenticationOptions extends CertificateOptions, FederatedOptions {
  readonly clientSecret?: string | undefined;
  readonly getAssertion?: GetAssertion | undefined;
}

/** How messages name the options. */
export const authenticationOptionNames = "`clientSecret`, a certificate, `getAssertion` or `assertion`";

/** Names of the options that are set. */
export function givenAuthenticationOptions(options: ClientAuthenticationOptions): string[] {
  const { clientSecret, getAssertion, assertion } = options;
  const given = { clientSecret, certificate: hasCertificate(options), getAssertion, assertion };
  return Object.entries(given).flatMap(([name, value]) => (value ? [name] : []));
}

async function choose(
  sourceName: string,
  options: ClientAuthenticationOptions,
  context: SourceContext,
): Promise<ClientAuthentication> {
  if (options.getAssertion)
    return (await import("./assertion-callback.ts")).callbackAuthentication(sourceName, options.getAssertion);
  if (options.assertion) return federatedAuthentication(sourceName, options, context);
  if (hasCertificate(options))
    return (await import("./certificate.ts")).certificateAuthentication(sourceName, options, context);
  return secretAuthentication(options.clientSecret ?? "");
}

/** Authenticates an application as its options say. Loads the code of that way on first use. */
export function configuredAuthentication(
  sourceName: string,
  options: ClientAuthenticationOptions,
  context: SourceContext,
): ClientAuthentication {
  let chosen: Promise<ClientAuthentication> | undefined;
  return async (target) => {
    chosen ??= choose(sourceName, options, context);
    return (await chosen)(target);
  };
}

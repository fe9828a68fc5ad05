import type { SourceContext } from "@azidentity/core/plugin";
import type { GetAssertion } from "./callback-proof.ts";
import { type CertificateOptions, conflicting, hasCertificate } from "./certificate-options.ts";
import { type FederatedOptions, proveByFederation } from "./federated-proof.ts";
import { type Prove, proveBySecret } from "./proof.ts";

/** All ways in which options can say how an application proves itself; one of them has to. */
export interface ProofOptions extends CertificateOptions, FederatedOptions {
  readonly clientSecret?: string | undefined;
  readonly getAssertion?: GetAssertion | undefined;
}

/** The name that stands for all of them in messages. */
export const proofNames = "`clientSecret`, a certificate, `getAssertion` or `assertion`";

/** What was given, by the name of the option. */
export function givenProofs(options: ProofOptions): string[] {
  const { clientSecret, getAssertion, assertion } = options;
  const given = { clientSecret, certificate: hasCertificate(options), getAssertion, assertion };
  return Object.entries(given).flatMap(([name, value]) => (value ? [name] : []));
}

async function chooseProof(who: string, options: ProofOptions, context: SourceContext): Promise<Prove> {
  const names = givenProofs(options);
  if (names.length > 1) throw conflicting(who, names);
  if (options.getAssertion) return (await import("./callback-proof.ts")).proveByCallback(who, options.getAssertion);
  if (options.assertion) return proveByFederation(who, options, context);
  if (hasCertificate(options))
    return (await import("./certificate-proof.ts")).proveByCertificate(who, options, context);
  return proveBySecret(options.clientSecret ?? "");
}

/** Proves an application in the way that its options say. Loads what that way needs, on first use. */
export function proveByOptions(who: string, options: ProofOptions, context: SourceContext): Prove {
  let chosen: Promise<Prove> | undefined;
  return async (target) => {
    chosen ??= chooseProof(who, options, context);
    return (await chosen)(target);
  };
}

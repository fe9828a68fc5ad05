import type { IdentityError, SourceContext } from "@azidentity/core/plugin";
import { CertificateFault, certificateError } from "../certificate/certificate-error.ts";
import type { AssertionFactory } from "../certificate/sign-assertion.ts";
import { type CertificateSupply, createCertificateSupply, placeOf } from "../certificate/supply.ts";
import { untilAborted } from "../until-aborted.ts";
import { type CertificateOptions, readCertificateOptions } from "./certificate-options.ts";
import type { AssertionTarget, Proof, Prove } from "./proof.ts";

async function proofBy(
  certificate: AssertionFactory,
  supply: CertificateSupply,
  target: AssertionTarget,
): Promise<Proof> {
  const assertion = await untilAborted(certificate.assertion(target), target.signal);
  return { assertion, accepted: () => supply.accepted(certificate) };
}

/** What Entra may take after it has refused an assertion: a new one where time was the matter, one by another certificate where that was. */
async function insteadOf(
  certificate: AssertionFactory,
  supply: CertificateSupply,
  { code }: IdentityError,
): Promise<AssertionFactory | undefined> {
  const isOld = code === "assertion-expired";
  if (!isOld && code !== "invalid-client-certificate") return undefined;
  certificate.forget();
  return isOld ? certificate : supply.after(certificate);
}

/** Proves an application by assertions that one of its certificates signs. */
export function proveBySupply(supply: CertificateSupply): Prove {
  return async (target) => {
    const certificate = await supply.current();
    return {
      ...(await proofBy(certificate, supply, target)),
      async instead(error) {
        try {
          const other = await insteadOf(certificate, supply, error);
          return other === undefined ? undefined : await proofBy(other, supply, target);
        } catch {
          return undefined; // what Entra has said is the better error
        }
      },
    };
  };
}

/** The same for what the options of a source say. */
export function proveByCertificate(who: string, options: CertificateOptions, context: SourceContext): Prove {
  let prove: Prove | undefined;
  let place = "";
  return async (target) => {
    try {
      if (prove === undefined) {
        const origin = readCertificateOptions(who, options);
        const sendChain = options.sendCertificateChain === true;
        place = placeOf(origin);
        prove = proveBySupply(createCertificateSupply(origin, { sendChain, clock: context.clock, log: context.log }));
      }
      return await prove(target);
    } catch (error) {
      throw error instanceof CertificateFault ? certificateError(who, place, error) : error;
    }
  };
}

import type { AssertionTarget, ClientAuthentication, ClientCredential } from "@azidentity/core/entra";
import { type IdentityError, type SourceContext, untilAborted } from "@azidentity/core/plugin";
import { isCertificateError, toIdentityError } from "../certificate/certificate-error.ts";
import {
  type CertificateProvider,
  createCertificateProvider,
  describeOrigin,
} from "../certificate/certificate-provider.ts";
import { openPkcs12Reader } from "../certificate/pkcs12-reader.ts";
import type { AssertionFactory } from "../certificate/sign-assertion.ts";
import { type CertificateOptions, readCertificateOptions } from "./certificate-options.ts";

async function signedCredential(
  factory: AssertionFactory,
  provider: CertificateProvider,
  target: AssertionTarget,
): Promise<ClientCredential> {
  const assertion = await untilAborted(factory.assertion(target), target.signal);
  return { assertion, onAccepted: () => provider.onAccepted(factory) };
}

/**
 * Signs the assertion to send after Entra has refused one: with the same certificate when the
 * assertion had expired, with another one when the certificate was refused.
 */
async function fallbackFactory(
  factory: AssertionFactory,
  provider: CertificateProvider,
  { code }: IdentityError,
): Promise<AssertionFactory | undefined> {
  const isExpired = code === "assertion-expired";
  if (!isExpired && code !== "invalid-client-certificate") return undefined;
  factory.clear();
  return isExpired ? factory : provider.fallbackFor(factory);
}

/** Authenticates an application with assertions that one of its certificates signs. */
export function providerAuthentication(provider: CertificateProvider): ClientAuthentication {
  return async (target) => {
    const factory = await provider.current();
    return {
      ...(await signedCredential(factory, provider, target)),
      async fallback(error) {
        try {
          const other = await fallbackFactory(factory, provider, error);
          return other === undefined ? undefined : await signedCredential(other, provider, target);
        } catch {
          return undefined; // Entra's refusal is the more useful error
        }
      },
    };
  };
}

/** The same for the certificate that the options of a source name. */
export function certificateAuthentication(
  sourceName: string,
  options: CertificateOptions,
  context: SourceContext,
): ClientAuthentication {
  const { clock, log } = context;
  const openPkcs12 = () => openPkcs12Reader(context);
  let authenticate: ClientAuthentication | undefined;
  let origin = "";
  return async (target) => {
    try {
      if (authenticate === undefined) {
        const certificate = readCertificateOptions(sourceName, options);
        const sendChain = options.sendCertificateChain === true;
        origin = describeOrigin(certificate);
        const settings = { sendChain, clock, log, openPkcs12 };
        authenticate = providerAuthentication(createCertificateProvider(certificate, settings));
      }
      return await authenticate(target);
    } catch (error) {
      throw isCertificateError(error) ? toIdentityError(sourceName, origin, error) : error;
    }
  };
}

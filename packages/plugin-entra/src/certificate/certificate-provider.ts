import type { X509Certificate } from "node:crypto";
import type { Clock, Logger } from "@azidentity/core/plugin";
import { CertificateError } from "./certificate-error.ts";
import { type OpenPkcs12, parseCertificateFile, readCertificateFile, statCertificate } from "./certificate-file.ts";
import { keyPairOf } from "./key-pair.ts";
import { type AssertionFactory, createAssertionFactory } from "./sign-assertion.ts";
import { type ExternalSigner, externalSigner, localSigner, type Signer } from "./signer.ts";

/** Where the certificate comes from: a file, its contents, or an external signer. */
export type CertificateOrigin =
  | { readonly path: string; readonly password?: string | undefined }
  | { readonly content: string | Uint8Array; readonly password?: string | undefined }
  | { readonly signer: ExternalSigner };

/** How messages name the origin. */
export function describeOrigin(origin: CertificateOrigin): string {
  if ("path" in origin) return origin.path;
  return "signer" in origin ? "`signer`" : "`certificate`";
}

export interface CertificateProviderSettings {
  /**
   * Whether assertions carry the chain (`x5c`), for applications registered by subject name and
   * issuer.
   */
  readonly sendChain: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly openPkcs12: OpenPkcs12;
}

/** Provides the certificate of an application: always the same, or the current one of a file. */
export interface CertificateProvider {
  /** The certificate to use now. */
  current(): Promise<AssertionFactory>;
  /**
   * The certificate to use after Entra has refused that one; `undefined`: there will be no other.
   */
  fallbackFor(refused: AssertionFactory): Promise<AssertionFactory | undefined>;
  /** Reports that Entra has accepted that one. */
  onAccepted(accepted: AssertionFactory): void;
}

interface LoadedCertificate {
  readonly signer: Signer;
  readonly factory: AssertionFactory;
}

/** Difference that is tolerated between this clock and the issuer's. Entra tolerates the same. */
const clockSkewMs = 300_000;

/**
 * Throws for a certificate that Entra would refuse for its dates. `now`: milliseconds since 1970.
 */
export function checkValidity({ validFrom, validTo }: X509Certificate, now: number): void {
  // their counterparts as dates are not in Node.js before 22.10, nor in workerd
  const [begin, end] = [new Date(validFrom), new Date(validTo)];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now > end.getTime()) throw new CertificateError("expired-certificate", `The certificate expired on ${day(end)}.`);
  if (now + clockSkewMs < begin.getTime())
    throw new CertificateError("certificate-not-yet-valid", `The certificate is not valid before ${day(begin)}.`);
}

function isValidAt(certificate: X509Certificate, now: number): boolean {
  try {
    checkValidity(certificate, now);
    return true;
  } catch {
    return false;
  }
}

function withFactory(signer: Signer, { sendChain, clock }: CertificateProviderSettings): LoadedCertificate {
  return { signer, factory: createAssertionFactory(signer, sendChain, clock) };
}

/** A certificate that never changes. */
function fixedProvider(make: () => Promise<Signer>, settings: CertificateProviderSettings): CertificateProvider {
  let loaded: Promise<LoadedCertificate> | undefined;
  return {
    async current() {
      loaded ??= make().then((signer) => withFactory(signer, settings));
      const { signer, factory } = await loaded;
      checkValidity(signer.chain[0], settings.clock.now());
      return factory;
    },
    fallbackFor: async () => undefined,
    onAccepted() {},
  };
}

/**
 * A file whose certificate may be renewed while it is in use. The old certificate stays in use
 * while the new one cannot be read or Entra does not accept it yet, so the file and the
 * registration may be updated in either order.
 */
function rotatingProvider(
  path: string,
  password: string | undefined,
  settings: CertificateProviderSettings,
): CertificateProvider {
  const { clock, log, openPkcs12 } = settings;
  let loaded: { readonly version: string; readonly certificate: LoadedCertificate } | undefined;
  let lastAccepted: LoadedCertificate | undefined;
  let loading: { readonly version: string; readonly certificate: Promise<LoadedCertificate> } | undefined;
  const isValid = ({ signer }: LoadedCertificate) => isValidAt(signer.chain[0], clock.now());

  const known = (matches: (certificate: LoadedCertificate) => boolean) =>
    [loaded?.certificate, lastAccepted].find((certificate) => certificate !== undefined && matches(certificate));

  const read = async (version: string): Promise<LoadedCertificate> => {
    const { key, chain } = keyPairOf(await readCertificateFile(path, password, openPkcs12));
    checkValidity(chain[0], clock.now());
    const same = known(({ signer }) => signer.chain[0].fingerprint256 === chain[0].fingerprint256);
    const certificate = same ?? withFactory(localSigner({ key, chain }, "PS256"), settings);
    loaded = { version, certificate };
    return certificate;
  };

  /** Reads the file, once for all concurrent callers with the same version of it. */
  const load = (version: string): Promise<LoadedCertificate> => {
    if (loading?.version === version) return loading.certificate;
    const mine = { version, certificate: read(version) };
    loading = mine;
    const done = () => {
      if (loading === mine) loading = undefined;
    };
    mine.certificate.then(done, done);
    return mine.certificate;
  };

  /** The certificate of the file; while the file cannot be used, the one read before. */
  const latest = async ({ reload }: { readonly reload: boolean }): Promise<LoadedCertificate> => {
    try {
      const { text } = await statCertificate(path);
      if (!reload && loaded?.version === text && isValid(loaded.certificate)) return loaded.certificate;
      return await load(text);
    } catch (error) {
      if (loaded === undefined || !isValid(loaded.certificate)) throw error;
      log.warn(`${path} has no usable certificate; the one read before stays in use.`, { error });
      return loaded.certificate;
    }
  };

  return {
    current: async () => (await latest({ reload: false })).factory,
    async fallbackFor(refused) {
      const { factory } = await latest({ reload: true });
      if (factory !== refused || lastAccepted === undefined || !isValid(lastAccepted)) return factory;
      return lastAccepted.factory;
    },
    onAccepted(accepted) {
      lastAccepted = known(({ factory }) => factory === accepted) ?? lastAccepted;
    },
  };
}

export function createCertificateProvider(
  origin: CertificateOrigin,
  settings: CertificateProviderSettings,
): CertificateProvider {
  if ("path" in origin) return rotatingProvider(origin.path, origin.password, settings);
  if ("signer" in origin) return fixedProvider(async () => externalSigner(origin.signer), settings);
  const { content, password } = origin;
  const read = async () =>
    localSigner(keyPairOf(await parseCertificateFile(content, password, settings.openPkcs12)), "PS256");
  return fixedProvider(read, settings);
}

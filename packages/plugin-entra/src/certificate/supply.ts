import type { Clock, Logger } from "@azidentity/core/plugin";
import { parseCertificateFile, readCertificateFile, statCertificate } from "./certificate-file.ts";
import { keyPairOf } from "./key-pair.ts";
import { type AssertionFactory, createAssertionFactory } from "./sign-assertion.ts";
import { type ExternalSigner, externalSigner, localSigner, type Signer } from "./signer.ts";
import { checkValidity } from "./validity.ts";

/** Where the certificate comes from: a file, its text or bytes, or somebody who signs with it. */
export type CertificateOrigin =
  | { readonly path: string; readonly password?: string | undefined }
  | { readonly content: string | Uint8Array; readonly password?: string | undefined }
  | { readonly signer: ExternalSigner };

/** The name of a place for messages. */
export function placeOf(origin: CertificateOrigin): string {
  if ("path" in origin) return origin.path;
  return "signer" in origin ? "`signer`" : "`certificate`";
}

export interface SupplySettings {
  /** Whether the whole chain is sent, for applications that are registered by subject name and issuer. */
  readonly sendChain: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The certificates that an application has: one, or one after another. */
export interface CertificateSupply {
  /** The one to use now. */
  current(): Promise<AssertionFactory>;
  /** The one to use after Entra has refused that one; `undefined` where there will never be another. */
  after(refused: AssertionFactory): Promise<AssertionFactory | undefined>;
  /** Told that Entra took that one. */
  accepted(taken: AssertionFactory): void;
}

interface Held {
  readonly signer: Signer;
  readonly factory: AssertionFactory;
}

function hold(signer: Signer, { sendChain, clock }: SupplySettings): Held {
  return { signer, factory: createAssertionFactory(signer, sendChain, clock) };
}

/** A certificate that stays what it is. */
function fixedSupply(make: () => Promise<Signer>, settings: SupplySettings): CertificateSupply {
  let held: Promise<Held> | undefined;
  return {
    async current() {
      held ??= make().then((signer) => hold(signer, settings));
      const { signer, factory } = await held;
      checkValidity(signer.chain[0], settings.clock.now());
      return factory;
    },
    after: async () => undefined,
    accepted() {},
  };
}

/**
 * A file whose certificate may be renewed while it is used. The old one stays in use while the new one cannot be read or has not been
 * accepted by Entra, so that nobody notices in which order somebody writes the file and registers the certificate.
 */
function rotatingSupply(path: string, password: string | undefined, settings: SupplySettings): CertificateSupply {
  const { clock, log } = settings;
  let loaded: { readonly version: string; readonly held: Held } | undefined;
  let proven: Held | undefined;
  let loading: { readonly version: string; readonly held: Promise<Held> } | undefined;

  const isValid = ({ signer }: Held): boolean => {
    try {
      checkValidity(signer.chain[0], clock.now());
      return true;
    } catch {
      return false;
    }
  };

  const read = async (version: string): Promise<Held> => {
    const { key, chain } = keyPairOf(await readCertificateFile(path, password));
    checkValidity(chain[0], clock.now());
    const known = [loaded?.held, proven].find((one) => one?.signer.chain[0].fingerprint256 === chain[0].fingerprint256);
    const held = known ?? hold(localSigner({ key, chain }, "PS256"), settings);
    loaded = { version, held };
    return held;
  };

  /** Reads the file, once for all who want the same version of it. */
  const load = (version: string): Promise<Held> => {
    if (loading?.version === version) return loading.held;
    const mine = { version, held: read(version) };
    loading = mine;
    const done = () => {
      if (loading === mine) loading = undefined;
    };
    mine.held.then(done, done);
    return mine.held;
  };

  /** The file's certificate; while the file is bad, the one that it had before. */
  const latest = async (again: boolean): Promise<Held> => {
    try {
      const { text } = await statCertificate(path);
      if (!again && loaded?.version === text && isValid(loaded.held)) return loaded.held;
      return await load(text);
    } catch (error) {
      if (loaded === undefined || !isValid(loaded.held)) throw error;
      log.warn(`${path} holds no certificate that could be used; the one it had before stays in use.`, { error });
      return loaded.held;
    }
  };

  const heldBy = (factory: AssertionFactory) => [loaded?.held, proven].find((one) => one?.factory === factory);

  return {
    current: async () => (await latest(false)).factory,
    async after(refused) {
      const { factory } = await latest(true);
      if (factory !== refused || proven === undefined || !isValid(proven)) return factory;
      return proven.factory;
    },
    accepted(factory) {
      proven = heldBy(factory) ?? proven;
    },
  };
}

export function createCertificateSupply(origin: CertificateOrigin, settings: SupplySettings): CertificateSupply {
  if ("path" in origin) return rotatingSupply(origin.path, origin.password, settings);
  if ("signer" in origin) return fixedSupply(async () => externalSigner(origin.signer), settings);
  const read = async () => localSigner(keyPairOf(await parseCertificateFile(origin.content, origin.password)), "PS256");
  return fixedSupply(read, settings);
}

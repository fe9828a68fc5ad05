import "reflect-metadata"; // @peculiar/x509 throws without it
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { encodeCertificate, encodePrivateKey } from "../http/certificates.ts";

/** The options of {@link Emulator.createCertificate}. */
export interface ClientCertificateOptions {
  /** Common name, and DNS name. Default: `"client.contoso.example"`. */
  readonly subjectName?: string;
  /** Start of the validity. Default: a day ago. */
  readonly notBefore?: Date;
  /** End of the validity. Default: in 30 days. */
  readonly notAfter?: Date;
}

/** A certificate with an RSA key, signed by a certificate authority; all PEM. */
export interface ClientCertificate {
  /** The certificate. */
  readonly certificate: string;
  /** The private key (PKCS #8). */
  readonly privateKey: string;
  /** The authority that has signed it, for `trustedSubjects`. */
  readonly authority: string;
  /** Private key, certificate and authority in one text: the file format of the Azure SDKs. */
  readonly pem: string;
}

const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 60 * 60 * 1000;

/** Creates client certificates, signed by one authority, which is created for the first of them. */
export function createCertificateMaker(): (options?: ClientCertificateOptions) => Promise<ClientCertificate> {
  let authority: ReturnType<typeof createAuthority> | undefined;
  return async (options) => {
    authority ??= createAuthority();
    return createCertificate(await authority, options);
  };
}

async function createAuthority() {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
  const name = `CN=azidentity emulator clients ${randomBytes(8).toString("hex")}`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ecdsa,
    notBefore: new Date(0),
    notAfter: new Date(Date.now() + 3650 * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keys, name, certificate };
}

async function createCertificate(
  authority: Awaited<ReturnType<typeof createAuthority>>,
  options: ClientCertificateOptions = {},
): Promise<ClientCertificate> {
  const {
    subjectName = "client.contoso.example",
    notBefore = new Date(Date.now() - dayMs),
    notAfter = new Date(Date.now() + 30 * dayMs),
  } = options;
  const keys = await webcrypto.subtle.generateKey(rsa, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [subjectName] }],
    issuer: authority.name,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: ecdsa,
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: subjectName }]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  });
  const certificate = encodeCertificate(made);
  const privateKey = await encodePrivateKey(keys.privateKey);
  const issuer = encodeCertificate(authority.certificate);
  return { certificate, privateKey, authority: issuer, pem: privateKey + certificate + issuer };
}

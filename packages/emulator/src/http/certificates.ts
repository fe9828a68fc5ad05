import "reflect-metadata"; // @peculiar/x509 throws without it
import { randomBytes, webcrypto } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface ServerCertificate {
  /** The certificate. */
  readonly certificate: string;
  /** The private key (PKCS #8). */
  readonly key: string;
}

export interface Certificates {
  /** PEM of the authority that signed the server's certificate. */
  readonly caCertificate: string;
  readonly serverCertificate: ServerCertificate;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Creates a certificate authority and a server certificate for `names`. The private key of the
 * authority is discarded, so that no other certificate can be signed by the authority that a test
 * trusts.
 */
export async function createCertificates(names: readonly x509.JsonGeneralName[]): Promise<Certificates> {
  const [caKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()]);
  // The subject is unique, so that a process can trust the authorities of several emulators.
  const caName = `CN=azidentity emulator ${randomBytes(8).toString("hex")}`;

  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: caName,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject: "CN=localhost",
    issuer: caName,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...(await serverExtensions(names, serverKeys)),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  return {
    caCertificate: encodeCertificate(ca),
    serverCertificate: { certificate: encodeCertificate(server), key: await encodePrivateKey(serverKeys.privateKey) },
  };
}

/** Creates a self-signed certificate for loopback. */
export async function createSelfSignedCertificate(): Promise<ServerCertificate> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: `CN=azidentity emulator ${randomBytes(8).toString("hex")}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: await serverExtensions(thisMachine, keys),
  });
  return { certificate: encodeCertificate(certificate), key: await encodePrivateKey(keys.privateKey) };
}

/** The names of loopback. */
export const thisMachine: readonly x509.JsonGeneralName[] = [
  { type: "dns", value: "localhost" },
  { type: "ip", value: "127.0.0.1" },
  { type: "ip", value: "::1" },
];

function validity() {
  return { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 30 * dayMs) };
}

async function serverExtensions(
  names: readonly x509.JsonGeneralName[],
  { publicKey }: webcrypto.CryptoKeyPair,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([...names]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** PEM of a private key (PKCS #8). */
export async function encodePrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

export function encodeCertificate(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

export interface CertificateFile {
  readonly path: string;
  /** Removes the directory of the file. */
  close(): Promise<void>;
}

/**
 * What this process trusts by `NODE_EXTRA_CA_CERTS`, in PEM form: a child process that gets another
 * file in that variable has to trust it, too. Empty: the variable is not set, or Node.js cannot
 * read the file either.
 */
export async function readExtraCertificates(path = process.env.NODE_EXTRA_CA_CERTS): Promise<string> {
  const pem = path ? await readFile(path, "utf8").catch(() => "") : "";
  return pem.trim() === "" ? "" : `${pem.trimEnd()}\n`;
}

/** Writes a PEM to a private temporary directory, for `NODE_EXTRA_CA_CERTS`, which needs a path. */
export async function writeCertificateFile(pem: string): Promise<CertificateFile> {
  const directory = await mkdtemp(join(tmpdir(), "azidentity-emulator-"));
  const path = join(directory, "ca.pem");
  await writeFile(path, pem);
  return { path, close: () => rm(directory, { recursive: true, force: true }) };
}

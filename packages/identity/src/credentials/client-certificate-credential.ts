import { checkTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link ClientCertificateCredential}. */
export interface ClientCertificateCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {
  /**
   * Whether to send the chain, for applications registered by subject name and issuer. Default
   * `false`.
   */
  sendCertificateChain?: boolean;
}

/** A certificate with its private key as text. */
export interface ClientCertificatePEMCertificate {
  /** PEM with the certificate and its private key; PKCS#12 as base64. Secret. */
  certificate: string;
  /** Password of the private key. Secret. */
  certificatePassword?: string;
}

/** A certificate with its private key in a file. */
export interface ClientCertificatePEMCertificatePath {
  /** Path of a PEM or PKCS#12 file. */
  certificatePath: string;
  /** Password of the private key. Secret. */
  certificatePassword?: string;
}

/** A certificate as text, or in a file. */
export type ClientCertificateCredentialPEMConfiguration =
  | ClientCertificatePEMCertificate
  | ClientCertificatePEMCertificatePath;

const className = "ClientCertificateCredential";

function readCertificate(given: unknown): Readonly<Record<string, unknown>> {
  const configuration = typeof given === "string" ? { certificatePath: given } : Object(given);
  const { certificate, certificatePath, certificatePassword } = configuration as Partial<
    ClientCertificatePEMCertificate & ClientCertificatePEMCertificatePath
  >;
  if (!certificate && !certificatePath)
    throw new Error(
      `${className}: Provide either a PEM certificate in string form, or the path to a certificate file.`,
    );
  if (certificate && certificatePath)
    throw new Error(
      `${className}: providing both \`certificate\` and \`certificatePath\` is forbidden. Leave one out.`,
    );
  return { certificate: certificate || undefined, certificatePath: certificatePath || undefined, certificatePassword };
}

/** Signs in an application with a certificate that is registered with it. */
export class ClientCertificateCredential extends Credential {
  constructor(
    tenantId: string,
    clientId: string,
    certificatePath: string,
    options?: ClientCertificateCredentialOptions,
  );
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificatePath,
    options?: ClientCertificateCredentialOptions,
  );
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificate,
    options?: ClientCertificateCredentialOptions,
  );
  constructor(
    tenantId: string,
    clientId: string,
    certificatePathOrConfiguration: string | ClientCertificateCredentialPEMConfiguration,
    options?: ClientCertificateCredentialOptions,
  ) {
    super();
    if (!tenantId || !clientId) throw new Error(`${className}: tenantId and clientId are required parameters.`);
    checkTenant(tenantId);
    const certificate = readCertificate(certificatePathOrConfiguration);
    const { sendCertificateChain } = options ?? {};
    const sourceOptions = { tenantId, clientId, ...certificate, sendCertificateChain };
    signsInBy(this, { ClientCertificateCredential }, { source: "client-certificate", sourceOptions, options });
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}

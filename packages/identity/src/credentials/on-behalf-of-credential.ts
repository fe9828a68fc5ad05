import { CredentialUnavailableError } from "../errors/errors.ts";
import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** The application and the user of an {@link OnBehalfOfCredential}. */
interface Common {
  /** Directory (tenant) id. */
  tenantId: string;
  /** Application (client) id. */
  clientId: string;
  /** Access token of the user's request. Secret. */
  userAssertionToken: string;
}

/** Options of an {@link OnBehalfOfCredential} with a client secret. */
export interface OnBehalfOfCredentialSecretOptions extends Common {
  /** A client secret of the application. */
  clientSecret: string;
}

/** Options of an {@link OnBehalfOfCredential} with a certificate. */
export interface OnBehalfOfCredentialCertificateOptions extends Common {
  /** Path of a PEM or PKCS#12 file with the certificate and its private key. */
  certificatePath: string;
  /**
   * Whether to send the chain, for applications registered by subject name and issuer. Default
   * `false`.
   */
  sendCertificateChain?: boolean;
}

/** Options of an {@link OnBehalfOfCredential} with assertions. */
export interface OnBehalfOfCredentialAssertionOptions extends Common {
  /** Returns a signed assertion that authenticates the application. */
  getAssertion: () => Promise<string>;
}

/** Options of an {@link OnBehalfOfCredential}. */
export type OnBehalfOfCredentialOptions = (
  | OnBehalfOfCredentialSecretOptions
  | OnBehalfOfCredentialCertificateOptions
  | OnBehalfOfCredentialAssertionOptions
) &
  MultiTenantTokenCredentialOptions &
  CredentialPersistenceOptions &
  AuthorityValidationOptions;

const className = "OnBehalfOfCredential";

type AnyOptions = Partial<
  OnBehalfOfCredentialSecretOptions & OnBehalfOfCredentialCertificateOptions & OnBehalfOfCredentialAssertionOptions
>;

/** What authenticates the application, the first of the three that is given. */
function readApplication({ certificatePath, sendCertificateChain, clientSecret, getAssertion }: AnyOptions) {
  if (certificatePath) return { certificatePath, sendCertificateChain };
  if (clientSecret) return { clientSecret };
  if (getAssertion) return { getAssertion };
  throw new CredentialUnavailableError(
    `${className}: You must provide one of clientSecret, certificatePath, or a getAssertion callback.`,
  );
}

/** Acts on behalf of the user who called a web API. */
export class OnBehalfOfCredential extends Credential {
  constructor(
    options: OnBehalfOfCredentialCertificateOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions,
  );
  constructor(
    options: OnBehalfOfCredentialSecretOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions,
  );
  constructor(
    options: OnBehalfOfCredentialAssertionOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions,
  );
  constructor(options: OnBehalfOfCredentialOptions) {
    super();
    const given: AnyOptions = options ?? {};
    const { tenantId, clientId, userAssertionToken } = given;
    requireArguments(className, { tenantId, clientId });
    const application = readApplication(given);
    requireArguments(className, { userAssertionToken });
    checkTenant(tenantId);
    signsInBy(
      this,
      { OnBehalfOfCredential },
      {
        source: "on-behalf-of",
        sourceOptions: { tenantId, clientId, ...application },
        options,
        shares: false, // each has a user of its own
        userAssertion: userAssertionToken,
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}

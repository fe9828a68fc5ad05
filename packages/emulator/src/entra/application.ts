import { randomBytes, randomUUID } from "node:crypto";
import * as azurePipelines from "../oidc/azure-pipelines.ts";
import * as githubActions from "../oidc/github-actions.ts";
import * as kubernetes from "../oidc/kubernetes.ts";
import {
  type CertificateCredential,
  type FederatedCredential,
  readCertificate,
  type TrustedSubject,
} from "./client-credential.ts";

/** An application: a client that signs in, and an API that others may ask tokens for. */
export interface ApplicationOptions {
  /** Default: a random GUID. */
  readonly clientId?: string;
  /** Object id of the service principal, the `oid` of its tokens. Default: a random GUID. */
  readonly objectId?: string;
  /** The `app_displayname` of its v1.0 tokens. Default: the client id. */
  readonly displayName?: string;
  /** Secrets that sign the application in; any of them will do. Default: one random secret. */
  readonly secrets?: readonly (string | SecretOptions)[];
  /** PEM of certificates whose key signs the application in. Private keys in it are not read. Default: none. */
  readonly certificates?: readonly string[];
  /** Names and issuers of certificates that sign the application in (`x5c`). Default: none. */
  readonly trustedSubjects?: readonly TrustedSubject[];
  /** Tokens of other issuers that sign the application in. Default: those of the emulator's own issuers. */
  readonly federatedCredentials?: readonly FederatedCredential[];
  /** Whether a user may sign in to the application without a credential of the application's own. Default: false. */
  readonly publicClient?: boolean;
  /**
   * Where the sign-in page may send users back to. Of `http://localhost` and `http://127.0.0.1` the port does not matter.
   * Default: `http://localhost`.
   */
  readonly redirectUris?: readonly string[];
  /** Whether an administrator has consented to whatever the application asks for; if not, each user is asked. Default: true. */
  readonly adminConsent?: boolean;
  /** Whether it shares its refresh tokens with the other applications of which this is said, as Microsoft's own tools do. Default: false. */
  readonly sharesRefreshTokens?: boolean;
  /** URIs under which others ask for tokens for this application. Default: `api://{clientId}`. */
  readonly identifierUris?: readonly string[];
  /** Version of those tokens: `requestedAccessTokenVersion` of the application's manifest. Default: 2. */
  readonly accessTokenVersion?: 1 | 2;
  /** App roles granted to the application, by resource URI: the `roles` of its tokens. Default: none. */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
}

export interface SecretOptions {
  readonly value: string;
  /** Refused from then on, on the emulator's clock. Default: never. */
  readonly expiresOn?: Date;
}

export interface Application {
  readonly clientId: string;
  readonly objectId: string;
  readonly displayName: string;
  /** What signs it in, by kind; the lists change while the emulator runs. */
  readonly credentials: CredentialLists;
  readonly publicClient: boolean;
  readonly redirectUris: readonly string[];
  readonly adminConsent: boolean;
  readonly sharesRefreshTokens: boolean;
  readonly identifierUris: readonly string[];
  readonly accessTokenVersion: 1 | 2;
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export interface CredentialLists {
  readonly secrets: SecretOptions[];
  readonly certificates: CertificateCredential[];
  readonly trustedSubjects: TrustedSubject[];
  readonly federated: FederatedCredential[];
}

/** What trusts the emulator's own issuers, each under the subject of its usual tokens. */
const ownIssuersCredentials: readonly FederatedCredential[] = [githubActions, azurePipelines, kubernetes].map(
  ({ issuer, subject }) => ({ issuer, subject }),
);

/** The options with every default filled in. */
export function createApplication(options: ApplicationOptions): Application {
  const clientId = options.clientId ?? randomUUID();
  const secrets = options.secrets ?? [randomBytes(24).toString("base64url")];
  return {
    clientId,
    objectId: options.objectId ?? randomUUID(),
    displayName: options.displayName ?? clientId,
    credentials: {
      secrets: secrets.map(readSecret),
      certificates: (options.certificates ?? []).map(readCertificate),
      trustedSubjects: [...(options.trustedSubjects ?? [])],
      federated: [...(options.federatedCredentials ?? ownIssuersCredentials)],
    },
    publicClient: options.publicClient ?? false,
    redirectUris: options.redirectUris ?? ["http://localhost"],
    adminConsent: options.adminConsent ?? true,
    sharesRefreshTokens: options.sharesRefreshTokens ?? false,
    identifierUris: options.identifierUris ?? [`api://${clientId}`],
    accessTokenVersion: options.accessTokenVersion ?? 2,
    roles: options.roles ?? {},
  };
}

export function readSecret(secret: string | SecretOptions): SecretOptions {
  return typeof secret === "string" ? { value: secret } : secret;
}

/** Whether an application has registered the address. Of a loopback address Entra compares everything but the port. */
export function isRegisteredRedirect({ redirectUris }: Application, uri: string): boolean {
  return URL.canParse(uri) && redirectUris.some((known) => comparable(known) === comparable(uri));
}

const loopback = new Set(["localhost", "127.0.0.1"]);

function comparable(uri: string): string {
  const url = new URL(uri);
  if (url.protocol === "http:" && loopback.has(url.hostname)) url.port = "";
  return url.href;
}

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

/** An application: a client, and an API that other clients may request tokens for. */
export interface ApplicationOptions {
  /** Client id. Default: a random GUID. */
  readonly clientId?: string;
  /** Object id of the service principal, the `oid` of its tokens. Default: a random GUID. */
  readonly objectId?: string;
  /** The `app_displayname` of its v1.0 tokens. Default: the client id. */
  readonly displayName?: string;
  /** Client secrets; each is valid. Default: one random secret. */
  readonly secrets?: readonly (string | SecretOptions)[];
  /** PEM of client certificates. Private keys in it are ignored. Default: none. */
  readonly certificates?: readonly string[];
  /**
   * Subject names and issuers of client certificates that are sent with their chain (`x5c`).
   * Default: none.
   */
  readonly trustedSubjects?: readonly TrustedSubject[];
  /**
   * Tokens of other issuers that are client assertions. Default: those of {@link Emulator.issuers}.
   */
  readonly federatedCredentials?: readonly FederatedCredential[];
  /** Whether users may sign in to the application without client authentication. Default: false. */
  readonly publicClient?: boolean;
  /**
   * The redirect URIs. The port of `http://localhost` and `http://127.0.0.1` is ignored.
   * Default: `http://localhost`.
   */
  readonly redirectUris?: readonly string[];
  /**
   * Whether an administrator has consented to all permissions; otherwise each user is prompted.
   * Default: true.
   */
  readonly adminConsent?: boolean;
  /**
   * Whether it shares its refresh tokens with the other applications that have this option, as
   * Microsoft's family of client ids (`foci`) does. Default: false.
   */
  readonly sharesRefreshTokens?: boolean;
  /** Application ID URIs, the resources in scopes. Default: `api://{clientId}`. */
  readonly identifierUris?: readonly string[];
  /**
   * Version of the tokens for this API: `requestedAccessTokenVersion` of the manifest. Default: 2.
   */
  readonly accessTokenVersion?: 1 | 2;
  /**
   * App roles granted to the application, by resource URI: the `roles` of its tokens. Default:
   * none.
   */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
}

/** A client secret with an expiry. */
export interface SecretOptions {
  /** The secret. */
  readonly value: string;
  /** Expiry, on the emulator's clock. Default: none. */
  readonly expiresOn?: Date;
}

export interface Application {
  readonly clientId: string;
  readonly objectId: string;
  readonly displayName: string;
  /** Its credentials by kind; the lists change while the emulator runs. */
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

/** The federated credentials for the emulator's own issuers, each with its default subject. */
const ownIssuersCredentials: readonly FederatedCredential[] = [githubActions, azurePipelines, kubernetes].map(
  ({ issuer, subject }) => ({ issuer, subject }),
);

/** Fills in the defaults. */
export function createApplication(options: ApplicationOptions): Application {
  const clientId = options.clientId ?? randomUUID();
  const secrets = options.secrets ?? [generateSecret()];
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

/**
 * A secret of 192 bits, in hexadecimal: programs that take a secret as an argument would read a
 * leading "-" of base64url as an option.
 */
const generateSecret = () => randomBytes(24).toString("hex");

export function readSecret(secret: string | SecretOptions): SecretOptions {
  return typeof secret === "string" ? { value: secret } : secret;
}

/**
 * Whether the application has registered the redirect URI. Entra ignores the port of a loopback
 * address.
 */
export function isRegisteredRedirect({ redirectUris }: Application, uri: string): boolean {
  return URL.canParse(uri) && redirectUris.some((known) => comparable(known) === comparable(uri));
}

const loopback = new Set(["localhost", "127.0.0.1"]);

function comparable(uri: string): string {
  const url = new URL(uri);
  if (url.protocol === "http:" && loopback.has(url.hostname)) url.port = "";
  return url.href;
}

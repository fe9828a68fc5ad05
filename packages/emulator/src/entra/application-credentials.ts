import { type Application, readSecret, type SecretOptions } from "./application.ts";
import { type FederatedCredential, readCertificate, type TrustedSubject } from "./client-credential.ts";

/** A credential of an application; certificates are PEM. */
export type ClientCredential =
  | { readonly secret: string | SecretOptions }
  | { readonly certificate: string }
  | { readonly trustedSubject: TrustedSubject }
  | { readonly federated: FederatedCredential };

/** The credentials of the applications. A change applies from the next request on. */
export interface ApplicationCredentials {
  /**
   * Default of `clientId`: {@link Emulator.application}.
   *
   * @throws {RangeError} No application has this client id, or the credential is of no known kind.
   */
  add(credential: ClientCredential, clientId?: string): void;
  /**
   * Removes the credential with the same secret, thumbprint, subject name, or issuer and subject.
   *
   * @throws {RangeError} The application has no such credential.
   */
  remove(credential: ClientCredential, clientId?: string): void;
}

export function createApplicationCredentials(
  requireApplication: (clientId: string | undefined) => Application,
): ApplicationCredentials {
  return {
    add(credential, clientId) {
      const { secrets, certificates, trustedSubjects, federated } = requireApplication(clientId).credentials;
      if ("secret" in credential) secrets.push(readSecret(credential.secret));
      else if ("certificate" in credential) certificates.push(readCertificate(credential.certificate));
      else if ("trustedSubject" in credential) trustedSubjects.push(credential.trustedSubject);
      else federated.push(readFederated(credential));
    },
    remove(credential, clientId) {
      const lists = requireApplication(clientId).credentials;
      if (!removeFrom(lists, credential)) throw new RangeError("The application has no such credential.");
    },
  };
}

/**
 * @throws {RangeError} The credential is of no known kind, which types do not exclude in
 * JavaScript.
 */
function readFederated(credential: { readonly federated?: FederatedCredential }): FederatedCredential {
  if (credential.federated !== undefined) return credential.federated;
  throw new RangeError("A credential is { secret }, { certificate }, { trustedSubject } or { federated }.");
}

function removeFrom(lists: Application["credentials"], credential: ClientCredential): boolean {
  if ("secret" in credential) {
    const { value } = readSecret(credential.secret);
    return removeWhere(lists.secrets, (known) => known.value === value);
  }
  if ("certificate" in credential) {
    const { sha256 } = readCertificate(credential.certificate).thumbprints;
    return removeWhere(lists.certificates, ({ thumbprints }) => thumbprints.sha256 === sha256);
  }
  if ("trustedSubject" in credential) {
    const { subjectName } = credential.trustedSubject;
    return removeWhere(lists.trustedSubjects, (known) => known.subjectName === subjectName);
  }
  const { issuer, subject } = readFederated(credential);
  return removeWhere(lists.federated, (known) => known.issuer === issuer && known.subject === subject);
}

function removeWhere<T>(list: T[], matches: (item: T) => boolean): boolean {
  const kept = list.filter((item) => !matches(item));
  const removed = kept.length < list.length;
  list.splice(0, list.length, ...kept);
  return removed;
}

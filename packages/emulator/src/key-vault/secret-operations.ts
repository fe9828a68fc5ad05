import type { JsonObject, ServerRequest } from "../http/message.ts";
import type { PathParameters } from "../http/route.ts";
import { KeyVaultError } from "./key-vault-error.ts";
import { nextPage, type Page, readPage } from "./page.ts";
import { nameItem, readSecret, secretBundle, versionItem } from "./secret-body.ts";
import type { SecretStore, SecretVersions } from "./secret-store.ts";

/** The dependencies of an operation. */
export interface Vault {
  readonly secrets: SecretStore;
  /** Seconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Returns a JSON body, or throws a `KeyVaultError`. */
type Operation = (vault: Vault, request: ServerRequest, parameters: PathParameters) => JsonObject;

/** The supported operations. The first matching row handles a request. */
export const secretOperations: readonly (readonly [method: string, path: string, operation: Operation])[] = [
  ["PUT", "/secrets/:name", setSecret],
  ["GET", "/secrets", listSecrets],
  ["GET", "/secrets/:name/versions", listVersions],
  ["GET", "/secrets/:name", getSecret],
  ["GET", "/secrets/:name/:version", getSecret],
  ["DELETE", "/secrets/:name", deleteSecret],
];

function setSecret({ secrets, now }: Vault, request: ServerRequest, { name = "" }: PathParameters): JsonObject {
  if (!/^[0-9a-z-]{1,127}$/i.test(name)) {
    throw new KeyVaultError(400, "BadParameter", `The request URI contains an invalid name: ${name}`);
  }
  return secretBundle(secrets.add(name, readSecret(request), now()), request.url.origin);
}

/** Default of `version`: the newest. */
function getSecret(vault: Vault, { url }: ServerRequest, { name = "", version = "" }: PathParameters): JsonObject {
  const versions = requireSecret(vault, name);
  const secret = version === "" ? versions[0] : versions.find((known) => known.version === version);
  if (secret === undefined) throw notFound(`${name}/${version}`);
  if (secret.attributes.enabled === false) {
    throw new KeyVaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", {
      inner: "SecretDisabled",
    });
  }
  return secretBundle(secret, url.origin);
}

function listSecrets({ secrets }: Vault, { url }: ServerRequest): JsonObject {
  return listPage(url, readPage(url), secrets.all(), ([newest]) => nameItem(newest, url.origin));
}

function listVersions(vault: Vault, { url }: ServerRequest, { name = "" }: PathParameters): JsonObject {
  const versions = requireSecret(vault, name);
  return listPage(url, readPage(url), versions, (secret) => versionItem(secret, url.origin));
}

function listPage<T>(url: URL, page: Page, all: readonly T[], describe: (item: T) => JsonObject): JsonObject {
  const value = all.slice(page.start, page.start + page.size).map(describe);
  return { value, nextLink: nextPage(url, page, all.length) };
}

function deleteSecret(vault: Vault, { url }: ServerRequest, { name = "" }: PathParameters): JsonObject {
  const [newest] = requireSecret(vault, name);
  vault.secrets.delete(name);
  return versionItem(newest, url.origin);
}

function requireSecret({ secrets }: Vault, name: string): SecretVersions {
  const versions = secrets.versions(name);
  if (versions === undefined) throw notFound(name);
  return versions;
}

function notFound(id: string): KeyVaultError {
  return new KeyVaultError(404, "SecretNotFound", `A secret with (name/id) ${id} was not found in this key vault.`);
}

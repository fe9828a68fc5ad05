import { isJsonObject, type JsonObject, parseJsonObject, type ServerRequest } from "../http/message.ts";
import { KeyVaultError } from "./key-vault-error.ts";
import type { Secret, SecretContent } from "./secret-store.ts";

/** The body of a request that sets a secret. */
export function readSecret({ body }: ServerRequest): SecretContent {
  const content = parseJsonObject(body);
  if (content === undefined) throw new KeyVaultError(400, "BadParameter", "The request body is not a JSON object.");
  const { value, contentType, tags, attributes } = content;
  if (typeof value !== "string") throw new KeyVaultError(400, "BadParameter", "Property value is required.");
  return { value, contentType, tags, attributes: isJsonObject(attributes) ? attributes : {} };
}

/** A version with its value. */
export function secretBundle(secret: Secret, origin: string): JsonObject {
  return { value: secret.value, ...versionItem(secret, origin) };
}

/** A version without its value. */
export function versionItem(secret: Secret, origin: string): JsonObject {
  return describe(secret, `${origin}/secrets/${secret.name}/${secret.version}`);
}

/** The properties of the newest version, under the name of the secret. */
export function nameItem(secret: Secret, origin: string): JsonObject {
  return describe(secret, `${origin}/secrets/${secret.name}`);
}

function describe({ created, contentType, tags, attributes }: Secret, id: string): JsonObject {
  const { enabled = true, nbf, exp } = attributes;
  return {
    id,
    contentType,
    tags,
    attributes: { enabled, nbf, exp, created, updated: created, recoveryLevel: "Purgeable" },
  };
}

import { Refusal } from "../refusal.ts";
import type { Wanted } from "../relay-request.ts";
import { epochSeconds, type Protocol } from "./protocol.ts";

const apiVersion = "2019-08-01";

/** Parameters that choose a user-assigned identity, in all spellings that clients use. */
const identityParameters = ["client_id", "clientid", "object_id", "principal_id", "mi_res_id", "msi_res_id"];

/**
 * The managed identity of App Service, which every Azure SDK speaks: `IDENTITY_ENDPOINT` and
 * `IDENTITY_HEADER`. Source:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const managedIdentity: Protocol = {
  name: "managed-identity",
  method: "GET",
  path: "/msi/token",
  keyOf: ({ "x-identity-header": key }) => (typeof key === "string" ? key : undefined),
  read(query): Wanted {
    const version = query.get("api-version");
    if (version !== apiVersion) {
      throw new Refusal("invalid-request", `The relay speaks api-version ${apiVersion} of the managed identity alone.`);
    }
    const [resource = "", ...others] = query.getAll("resource");
    if (resource === "" || others.length > 0) {
      throw new Refusal("invalid-request", "The request has to name one resource.");
    }
    return {
      scopes: [`${resource}/.default`],
      identityParameter: identityParameters.find((name) => query.has(name)),
    };
  },
  answer: ({ token, expiresOnTimestamp }, { scopes: [scope] }) => ({
    status: 200,
    body: {
      access_token: token,
      expires_on: String(epochSeconds(expiresOnTimestamp)),
      resource: scope.slice(0, -"/.default".length),
      token_type: "Bearer",
    },
  }),
  refuse: ({ status, text }) => ({ status, body: { statusCode: status, message: text } }),
};

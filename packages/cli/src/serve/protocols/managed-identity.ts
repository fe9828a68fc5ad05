import { Refusal } from "../refusal.ts";
import type { Wanted } from "../relay-request.ts";
import { epochSeconds, type Protocol } from "./protocol.ts";

const apiVersion = "2019-08-01";

/**
 * Parameters that choose a user-assigned identity, in all spellings that clients use: one that
 * means another identity must not get the token of this one.
 */
const identityParameter = /^(?:client_?id|object_?id|principal_?id|ms?i_res_id)$/i;

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
    const [version, ...versions] = query.getAll("api-version");
    if (version !== apiVersion || versions.length > 0) {
      throw new Refusal("invalid-request", `The relay speaks api-version ${apiVersion} of the managed identity alone.`);
    }
    const [resource = "", ...others] = query.getAll("resource");
    if (resource === "" || others.length > 0) {
      throw new Refusal("invalid-request", "The request has to name one resource.");
    }
    return {
      scopes: [`${resource}/.default`],
      identityParameter: [...query.keys()].find((name) => identityParameter.test(name)),
    };
  },
  answer: ({ token, expiresOnTimestamp }, { scopes: [scope] }) => ({
    status: 200,
    body: JSON.stringify({
      access_token: token,
      expires_on: String(epochSeconds(expiresOnTimestamp)),
      resource: scope.slice(0, -"/.default".length),
      token_type: "Bearer",
    }),
  }),
  refuse: ({ status, text }) => ({ status, body: JSON.stringify({ statusCode: status, message: text }) }),
};

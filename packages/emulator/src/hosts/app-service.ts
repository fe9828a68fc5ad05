import { randomBytes, randomUUID } from "node:crypto";
import { epochSeconds } from "../clock.ts";
import type { JsonObject, Reply } from "../http/message.ts";
import { formatExpiry } from "./expiry.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, HostRefusal, type HostRefusalReason } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import type { ManagedToken } from "./managed-token.ts";
import { readParameters } from "./parameters.ts";

/**
 * The protocol versions: the header of the secret, and the parameters that identify an identity.
 */
const version2017 = { header: "secret", ids: { clientid: "clientId" }, apiVersions: /^2017-09-01$/ } as const;
const version2019 = {
  header: "x-identity-header",
  ids: { client_id: "clientId", object_id: "objectId", principal_id: "objectId", mi_res_id: "resourceId" },
  apiVersions: /^(2019-08-01|2025-03-30)$/,
} as const;

/** The first version with `xms_cc` and `token_sha256_to_refresh`. */
const revocationApiVersion = "2025-03-30";

export interface AppServiceOptions {
  /**
   * Emulates an old sandbox: this protocol version only, and the variables `MSI_ENDPOINT` and
   * `MSI_SECRET`.
   */
  readonly apiVersion?: "2017-09-01";
}

/** App Service, Functions and Container Apps: one protocol, with different `extraVariables`. */
export function createAppService(
  { identities, issue, clock }: HostTools,
  { apiVersion }: AppServiceOptions,
  extraVariables: Readonly<Record<string, string>>,
): HostProtocol {
  const secret = randomBytes(24).toString("hex").toUpperCase();
  return {
    method: "GET",
    path: "/msi/token",
    async answer(request) {
      const query = request.url.searchParams;
      const isVersion2017 = apiVersion !== undefined || version2017.apiVersions.test(query.get("api-version") ?? "");
      const version = isVersion2017 ? version2017 : version2019;
      checkSecret(request, version.header, secret);
      const { resource, id, apiVersion: requested, cae, rejected } = readParameters(query, version);
      if (id === undefined && identities.systemAssigned === undefined && identities.userAssigned.length > 0)
        throw new HostRefusal("ambiguous-identity", "Unable to load the proper Managed Identity.");
      const identity = chooseIdentity(identities, id);
      if (version === version2019) {
        const revocable = requested === revocationApiVersion ? { cae, rejected } : {};
        return describe(await issue({ identity, resource, ...revocable }));
      }
      return describe2017(await issue({ identity, resource }), epochSeconds(clock));
    },
    refuse: ({ reason, message }) => error(statuses[reason] ?? 400, messages[reason] ?? message),
    failure: (status) =>
      status === 500
        ? { status, body: { message: "An internal error has occurred." } }
        : error(status, failures[status] ?? "This error response was requested by a fault."),
    env: (endpoint) => ({
      ...(apiVersion === undefined
        ? { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret }
        : { MSI_ENDPOINT: endpoint, MSI_SECRET: secret }),
      ...extraVariables,
    }),
  };
}

function describe({ accessToken, expiresOn, resource, identity }: ManagedToken): JsonObject {
  return {
    access_token: accessToken,
    client_id: identity.clientId.toUpperCase(),
    expires_on: String(expiresOn),
    resource,
    token_type: "Bearer",
  };
}

function describe2017({ accessToken, resource }: ManagedToken, now: number): JsonObject {
  const body = { access_token: accessToken, resource, token_type: "Bearer" };
  return { ...body, ...formatExpiry("us-date", body, now) };
}

const statuses: Partial<Record<HostRefusalReason, number>> = { "no-secret": 401, "wrong-secret": 401 };

const messages: Partial<Record<HostRefusalReason, string>> = {
  "no-identity": "No Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
  "unknown-identity":
    "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
};

const failures: Readonly<Record<number, string>> = {
  404: "The identity service is not ready.",
  429: "Too many requests.",
};

function error(statusCode: number, message: string): Reply {
  return { status: statusCode, body: { statusCode, message, correlationId: randomUUID() } };
}

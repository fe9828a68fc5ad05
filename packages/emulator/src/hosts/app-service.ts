import { randomBytes, randomUUID } from "node:crypto";
import { epochSeconds } from "../clock.ts";
import type { JsonObject, Reply } from "../http/message.ts";
import { formatExpiry } from "./expiry.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, type HostRefusalReason } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import type { ManagedToken } from "./managed-token.ts";
import { readParameters } from "./parameters.ts";

/** The versions of the protocol: which header has the secret, which parameters name an identity. */
const older = { header: "secret", ids: { clientid: "clientId" }, apiVersions: /^2017-09-01$/ } as const;
const newer = {
  header: "x-identity-header",
  ids: { client_id: "clientId", object_id: "objectId", principal_id: "objectId", mi_res_id: "resourceId" },
  apiVersions: /^(2019-08-01|2025-03-30)$/,
} as const;

/** The version that knows of tokens that were sent back. */
const withRevocation = "2025-03-30";

export interface AppServiceOptions {
  /** An old sandbox, that speaks this version alone and has the variables of its time. */
  readonly apiVersion?: "2017-09-01";
}

/** App Service, and whoever speaks its protocol: Functions and Container Apps, which differ in the variables beside it. */
export function createAppService(
  { identities, issue, clock }: HostTools,
  { apiVersion }: AppServiceOptions,
  beside: Readonly<Record<string, string>>,
): HostProtocol {
  const secret = randomBytes(24).toString("hex").toUpperCase();
  return {
    method: "GET",
    path: "/msi/token",
    async answer(request) {
      const query = request.url.searchParams;
      const isOlder = apiVersion !== undefined || older.apiVersions.test(query.get("api-version") ?? "");
      const version = isOlder ? older : newer;
      checkSecret(request, version.header, secret);
      const { resource, id, apiVersion: asked, cae, rejected } = readParameters(query, version);
      const identity = chooseIdentity(identities, id);
      if (version === newer) {
        const revocable = asked === withRevocation ? { cae, rejected } : {};
        return describe(await issue({ identity, resource, ...revocable }));
      }
      return describeOlder(await issue({ identity, resource }), epochSeconds(clock));
    },
    refuse: ({ reason, message }) => error(statuses[reason] ?? 400, words[reason] ?? message),
    failure: (status) =>
      status === 500
        ? { status, body: { message: "An internal error has occurred." } }
        : error(status, failures[status] ?? "This error response was requested by a fault."),
    env: (endpoint) => ({
      ...(apiVersion === undefined
        ? { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret }
        : { MSI_ENDPOINT: endpoint, MSI_SECRET: secret }),
      ...beside,
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

function describeOlder({ accessToken, resource }: ManagedToken, now: number): JsonObject {
  const body = { access_token: accessToken, resource, token_type: "Bearer" };
  return { ...body, ...formatExpiry("us-date", body, now) };
}

const statuses: Partial<Record<HostRefusalReason, number>> = { "no-secret": 401, "wrong-secret": 401 };

const words: Partial<Record<HostRefusalReason, string>> = {
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

import { randomBytes } from "node:crypto";
import type { Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, type HostRefusal, type HostRefusalReason, nestedError } from "./host-refusal.ts";
import { chooseIdentity, listIdentities } from "./managed-identities.ts";
import { readParameters } from "./parameters.ts";

const accepted = { ids: { clientid: "clientId" }, apiVersions: /^2017-09-01$/ } as const;

/** A compute of Azure Machine Learning. */
export function createAzureMl({ identities, issue }: HostTools): HostProtocol {
  const secret = randomBytes(24).toString("hex");
  const [first] = listIdentities(identities);
  return {
    method: "GET",
    path: "/msi/token",
    async answer(request) {
      checkSecret(request, "secret", secret);
      const { resource, id } = readParameters(request.url.searchParams, accepted);
      const token = await issue({ identity: chooseIdentity(identities, id), resource });
      return {
        access_token: token.accessToken,
        expires_on: String(token.expiresOn),
        resource,
        token_type: "Bearer",
      };
    },
    refuse,
    failure: (status) =>
      nestedError(
        status,
        status === 429 ? "TooManyRequests" : "InternalServerError",
        "This error response was requested by a fault.",
      ),
    env: (endpoint) => ({
      MSI_ENDPOINT: endpoint,
      MSI_SECRET: secret,
      ...(first === undefined ? {} : { DEFAULT_IDENTITY_CLIENT_ID: first.clientId }),
    }),
  };
}

const codes: Partial<Record<HostRefusalReason, string>> = {
  "no-secret": "Unauthorized",
  "wrong-secret": "Unauthorized",
  "no-identity": "IdentityNotFound",
  "unknown-identity": "IdentityNotFound",
  "unknown-resource": "AudienceNotSupported",
};

function refuse({ reason, message }: HostRefusal): Reply {
  const code = codes[reason] ?? "BadRequest";
  return nestedError(code === "Unauthorized" ? 401 : 400, code, message);
}

import { epochSeconds } from "../clock.ts";
import { parseForm, type Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { type HostRefusal, type HostRefusalReason, nestedError } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import { requireMetadataHeader } from "./metadata-protocol.ts";
import { readParameters } from "./parameters.ts";

/** Azure Cloud Shell, which has one identity. */
export function createCloudShell({ identities, issue, clock }: HostTools): HostProtocol {
  return {
    method: "POST",
    path: "/oauth2/token",
    hostName: "localhost",
    async answer(request) {
      requireMetadataHeader(request);
      const { resource } = readParameters(parseForm(request) ?? new URLSearchParams(), { ids: {} });
      const token = await issue({ identity: chooseIdentity(identities, undefined), resource });
      return {
        access_token: token.accessToken,
        refresh_token: "",
        expires_in: String(token.expiresIn),
        expires_on: String(token.expiresOn),
        not_before: String(epochSeconds(clock) - 300),
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
    env: (endpoint) => ({ MSI_ENDPOINT: endpoint }),
  };
}

const codes: Partial<Record<HostRefusalReason, string>> = {
  "no-metadata-header": "MissingMetadataHeader",
  "wrong-metadata-header": "MissingMetadataHeader",
  "unknown-resource": "AudienceNotSupported",
};

function refuse({ reason, message }: HostRefusal): Reply {
  const text = reason === "unknown-resource" ? "Audience is not a supported MSI token audience." : message;
  return nestedError(400, codes[reason] ?? "BadRequest", text);
}

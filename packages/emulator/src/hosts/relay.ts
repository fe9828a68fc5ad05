import { randomBytes } from "node:crypto";
import type { Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, HostRefusal, type HostRefusalReason } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import { readJson, readScopes } from "./scoped-request.ts";

const version = 1;

/** The exec contract over HTTP (docs/exec.md). Without an identity no user is signed in. */
export function createRelay({ identities, issue, tenantId }: HostTools): HostProtocol {
  const key = randomBytes(24).toString("base64url");
  return {
    method: "POST",
    path: "/token",
    async answer(request) {
      checkSecret(request, "authorization", `Bearer ${key}`);
      const asked = readJson(request);
      if (asked.version !== version) throw new HostRefusal("api-version", "The version is not supported.");
      const { resource } = readScopes(asked.scopes, asked.tenantId, tenantId);
      const identity = chooseIdentity(identities, undefined);
      const { accessToken, expiresOn } = await issue({ identity, resource, cae: asked.enableCae === true });
      return { version, token: accessToken, tokenType: "Bearer", expiresOn };
    },
    refuse: ({ reason, message }) => {
      const [status, code] = refusals[reason] ?? [400, "invalid-request"];
      return failed(status, code, message);
    },
    failure: (status) => failed(status, status === 429 ? "throttled" : "failed", "Requested by a fault."),
    env: (endpoint) => ({
      AZIDENTITY_RELAY_URL: endpoint.replace(/\/token$/, ""),
      AZIDENTITY_RELAY_KEY: key,
    }),
  };
}

const refusals: Partial<Record<HostRefusalReason, readonly [status: number, code: string]>> = {
  "no-secret": [401, "unauthorized"],
  "wrong-secret": [401, "unauthorized"],
  "api-version": [400, "unsupported-version"],
  "unknown-resource": [403, "scope-not-allowed"],
  "unknown-tenant": [403, "tenant-not-allowed"],
  "no-identity": [424, "not-signed-in"],
};

function failed(status: number, code: string, message: string): Reply {
  return { status, headers: { "cache-control": "no-store" }, body: { version, error: { code, message } } };
}

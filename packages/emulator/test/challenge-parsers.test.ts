import { authorizeRequestOnClaimChallenge, authorizeRequestOnTenantChallenge } from "@azure/core-client";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect, it, vi } from "vitest";
import { type ChallengeFormat, formatChallenge } from "../src/resource-server/challenges.ts";

const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1603742800"}}}';
const storage = "https://storage.azure.com/.default";

it.each([
  ["cae", authorizeRequestOnClaimChallenge, ["own"], { claims }],
  ["cae-after-pop", authorizeRequestOnClaimChallenge, ["own"], { claims }],
  ["cae-invalid-token", authorizeRequestOnClaimChallenge, ["own"], { claims }],
  ["storage", authorizeRequestOnTenantChallenge, [storage], { tenantId }],
] as const)(
  "the older clients of the Azure SDK parse the challenge %s",
  async (form: ChallengeFormat, parse, scopes, options) => {
    const request = createPipelineRequest({ url: "https://contoso.blob.core.windows.net/greetings" });
    const header = formatChallenge(form, {
      authorityHost: "https://localhost:8443",
      tenantId,
      notBefore: 1_603_742_800,
    });
    const headers = createHttpHeaders({ "WWW-Authenticate": header });
    const getAccessToken = vi.fn(async () => ({ token: "T", expiresOnTimestamp: 0 }));

    expect(await parse({ scopes: ["own"], request, response: { request, headers, status: 401 }, getAccessToken })).toBe(
      true,
    );

    expect(getAccessToken).toHaveBeenCalledExactlyOnceWith(scopes, expect.objectContaining(options));
    expect(request.headers.get("Authorization")).toBe("Bearer T");
  },
);

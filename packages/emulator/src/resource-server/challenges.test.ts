import { expect, it } from "vitest";
import { type ChallengeFormat, challengeFormats, formatChallenge } from "./challenges.ts";

const facts = { authorityHost: "https://localhost:8443", tenantId: "T1", notBefore: 1_603_742_800 };
const claims = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNjAzNzQyODAwIn19fQ==";
const cae =
  'Bearer realm="", authorization_uri="https://localhost:8443/common/oauth2/authorize", ' +
  `error="insufficient_claims", claims="${claims}"`;

const expected: Record<ChallengeFormat, string> = {
  cae,
  "cae-after-pop": `PoP nonce="<nonce>", ${cae}`,
  "cae-invalid-token":
    'Bearer authorization_uri="https://localhost:8443/", error="invalid_token", ' +
    `error_description="The session has been revoked.", claims="${claims}"`,
  "key-vault": 'Bearer authorization="https://localhost:8443/T1", resource="https://vault.azure.net"',
  storage: "Bearer authorization_uri=https://localhost:8443/T1/oauth2/authorize resource_id=https://storage.azure.com",
  "pop-nonce": 'PoP nonce="<nonce>"',
};

it.each(Object.entries(expected))("the challenge %s is formatted as at Azure", (form, header) => {
  const worded = formatChallenge(form as ChallengeFormat, facts);
  expect(worded.replace(/nonce="[\w-]{32}"/, 'nonce="<nonce>"')).toBe(header);
});

it("the challenges have no other formats", () => {
  expect(challengeFormats).toEqual(Object.keys(expected));
});

it("each pop-nonce challenge has a new nonce", () => {
  expect(formatChallenge("pop-nonce", facts)).not.toBe(formatChallenge("pop-nonce", facts));
});

it("a claims challenge contains nbf", () => {
  expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
    access_token: { nbf: { essential: true, value: "1603742800" } },
  });
});

/**
 * An authority host that is not one of Microsoft's gets a secret only after Microsoft has confirmed
 * it.
 */
import { createIdentity } from "@azidentity/core";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import "./lazy-modules.ts";

const authorityHost = "https://login.unknown.example";
const openIdDocument = `${authorityHost}/contoso.com/v2.0/.well-known/openid-configuration`;
const token: FakeReply = {
  body: JSON.stringify({ token_type: "Bearer", access_token: "token", expires_in: 3600 }),
};

/**
 * Acquires a token with a secret: the end of it, and each request as its method, host and whether
 * it has the secret.
 */
async function acquire(...replies: FakeReply[]) {
  const http = createFakeHttp(...replies);
  const clock = createFakeClock();
  const overrides = { env: {}, http, clock };
  await using identity = createIdentity({ config: false, plugins: [entra], authorityHost }, overrides);
  const options = { tenantId: "contoso.com", clientId: "app", clientSecret: "canary" };
  const acquired = identity.credential("client-secret", options).getToken("https://vault.azure.net/.default");
  const ended = acquired.then(
    (issued) => issued.token,
    (error) => error.code,
  );
  await identity.ready();
  await clock.advance(20_000);
  const end = await ended;
  const requests = http.requests.map((request) => {
    const secret = JSON.stringify(request).includes("canary");
    return `${request.method} ${new URL(request.url).host}${secret ? " with the secret" : ""}`;
  });
  return { end, requests };
}

const discovery = (changes: object = {}): FakeReply => ({
  body: JSON.stringify({ tenant_discovery_endpoint: openIdDocument, "api-version": "1.1", metadata: [], ...changes }),
});

it.each<[name: string, reply: FakeReply]>([
  ["names it", discovery()],
  ["names another token endpoint", discovery({ token_endpoint: "https://evil.example/token" })],
  [
    "names an OpenID document of another host",
    discovery({ tenant_discovery_endpoint: "https://evil.example/contoso.com/v2.0/.well-known/openid-configuration" }),
  ],
  [
    "names another host as the preferred one",
    discovery({
      metadata: [
        {
          preferred_network: "evil.example",
          preferred_cache: "evil.example",
          aliases: ["login.unknown.example", "evil.example"],
        },
      ],
    }),
  ],
])("An unknown authority host itself gets the secret after instance discovery %s", async (_, reply) => {
  const { end, requests } = await acquire(reply, token);
  expect(end).toBe("token");
  expect(requests).toEqual(["GET login.microsoftonline.com", "POST login.unknown.example with the secret"]);
});

it("An unknown authority host gets no secret when instance discovery does not know it", async () => {
  const body = JSON.stringify({ error: "invalid_instance", error_description: "AADSTS50049: Unknown instance." });
  const { end, requests } = await acquire({ status: 400, body }, token);
  expect(end).toBe("unknown-authority");
  expect(requests).toEqual(["GET login.microsoftonline.com"]);
});

it.each<[name: string, reply: FakeReply]>([
  ["is empty", { body: "" }],
  ["is cut", { body: '{"tenant_disc' }],
])("Instance discovery is asked again when its response %s", async (_, reply) => {
  const { end, requests } = await acquire(reply, discovery(), token);
  expect(end).toBe("token");
  expect(requests).toHaveLength(3);
});

it("A web page in place of instance discovery is reported as a captive portal, and gets no secret", async () => {
  const { end, requests } = await acquire({ body: "<html>Welcome" }, token);
  expect(end).toBe("captive-portal");
  expect(requests).toEqual(["GET login.microsoftonline.com"]);
});

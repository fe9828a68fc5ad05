import { certificateOf } from "./certificate.ts";
import { compare, type Row } from "./compare.ts";
import { ann, app, contoso, fabrikam, scope, secret } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { assertionOf, claimsOf, formsOf, requestCount, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;
const userToken = ({ emulator }: World) => emulator.issueUserToken({ username: ann.username, objectId: ann.objectId });

async function onBehalfOf(world: World, proof: object = { clientSecret: secret }, options: object = {}) {
  const common = { tenantId: contoso, clientId: id, userAssertionToken: await userToken(world) };
  return world.create("OnBehalfOfCredential", { ...world.entra, ...common, ...proof, ...options });
}
const form = {
  tenant: contoso,
  assertion: "***",
  client_id: id,
  grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  requested_token_use: "on_behalf_of",
  scope: [scope, "offline_access", "openid", "profile"],
};
const withAssertion = {
  ...form,
  client_assertion: "***",
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
};

const sends = (what: string, proof: (world: World) => object | Promise<object>, expected: object): Row => ({
  behaviour: `OnBehalfOfCredential exchanges the user's token with ${what}`,
  async run(world) {
    const token = await (await onBehalfOf(world, await proof(world))).getToken(scope);
    return { user: claimsOf(token).oid, requests: tokenRequests(world.emulator) };
  },
  expected: { user: ann.objectId, requests: [expected] },
});

compare("OnBehalfOfCredential", [
  sends("a secret", () => ({ clientSecret: secret }), { ...form, client_secret: "***" }),
  sends(
    "a certificate",
    async ({ emulator, file }) => ({ certificatePath: file("client.pem", (await certificateOf(emulator)).pem) }),
    withAssertion,
  ),
  sends(
    "an assertion",
    ({ emulator }) => ({
      getAssertion: () => emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" }),
    }),
    withAssertion,
  ),
  {
    behaviour: "OnBehalfOfCredential gets a second token from memory",
    async run(world) {
      const credential = await onBehalfOf(world);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "OnBehalfOfCredential sends the chain of its certificate",
    async run(world) {
      const { chain, pem } = await certificateOf(world.emulator);
      const http = recordHttp();
      const certificate = { certificatePath: world.file("client.pem", pem), sendCertificateChain: true };
      const own = { httpClient: http.client, authorityHost: "https://login.example" };
      await (await onBehalfOf(world, certificate, own)).getToken(scope);
      return JSON.stringify(assertionOf(formsOf(http)[0]).header.x5c) === JSON.stringify(chain);
    },
    expected: true,
  },
  {
    behaviour: "OnBehalfOfCredential of another user has another token",
    async run(world) {
      const first = await (await onBehalfOf(world)).getToken(scope);
      const objectId = "00000000-1111-4222-8333-555555555555";
      const other = await world.emulator.issueUserToken({ username: "ben@contoso.example", objectId });
      const second = await (await onBehalfOf(world, undefined, { userAssertionToken: other })).getToken(scope);
      return [claimsOf(first).oid, claimsOf(second).oid];
    },
    expected: [ann.objectId, "00000000-1111-4222-8333-555555555555"],
  },
  {
    behaviour: "OnBehalfOfCredential reports a refused user token with Entra's words",
    run: async (world) => {
      const credential = await onBehalfOf(world, undefined, { userAssertionToken: "a.b.c" });
      return world.failure(() => credential.getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "AADSTS"),
  },
  {
    behaviour: "OnBehalfOfCredential refuses another tenant",
    run: async (world) => {
      const credential = await onBehalfOf(world);
      return world.failure(() => credential.getToken(scope, { tenantId: fabrikam }));
    },
    expected: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"),
  },
  {
    behaviour: "OnBehalfOfCredential with a certificate file that does not exist is an error of getToken",
    async run(world) {
      const credential = await onBehalfOf(world, { certificatePath: "/nowhere/client.pem" });
      const result = await world.failure(() => credential.getToken(scope));
      return typeof result === "object" && /ENOENT|no such file|does not exist/.test(result.message);
    },
    expected: true,
  },
]);

import { compare } from "./compare.ts";
import { app, contoso, fabrikam, otherScope, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { claimsOf, formsOf, requestCount, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;
const federated = ({ emulator }: World) =>
  emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" });
const assertionCredential = ({ create, entra }: World, getAssertion: unknown, options: object = {}) =>
  create("ClientAssertionCredential", contoso, id, getAssertion, { ...entra, ...options });

compare("ClientAssertionCredential", [
  {
    behaviour: "ClientAssertionCredential gets a token with the assertion of its callback",
    run: async (world) => claimsOf(await assertionCredential(world, () => federated(world)).getToken(scope)).appid,
    expected: id,
  },
  {
    behaviour: "ClientAssertionCredential sends the assertion as JWT bearer",
    async run(world) {
      await assertionCredential(world, () => federated(world)).getToken([scope]);
      return tokenRequests(world.emulator);
    },
    expected: [
      {
        tenant: contoso,
        client_id: id,
        client_assertion: "***",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        grant_type: "client_credentials",
        scope: [scope],
      },
    ],
  },
  {
    behaviour: "ClientAssertionCredential sends the callback's text as it is",
    async run(world) {
      const http = recordHttp();
      const own = { httpClient: http.client, authorityHost: "https://login.example" };
      await assertionCredential(world, async () => "header.claims.signature", own).getToken(scope);
      return formsOf(http).map((form) => form.get("client_assertion"));
    },
    expected: ["header.claims.signature"],
  },
  {
    behaviour: "ClientAssertionCredential calls its callback for each request",
    async run(world) {
      let calls = 0;
      const credential = assertionCredential(world, () => {
        calls++;
        return federated(world);
      });
      await credential.getToken(scope);
      await credential.getToken(scope);
      await credential.getToken(otherScope);
      return { calls, requests: requestCount(world.emulator) };
    },
    expected: { calls: 6, requests: 2 },
    ours: { expected: { calls: 2, requests: 2 }, documented: "calls `getAssertion` once for each token request" },
  },
  {
    behaviour: "ClientAssertionCredential reports what its callback throws",
    run: (world) =>
      world.failure(() =>
        assertionCredential(world, async () => {
          throw new Error("no assertion today");
        }).getToken(scope),
      ),
    expected: failure("AuthenticationRequiredError", "no assertion today"),
  },
  {
    behaviour: "ClientAssertionCredential passes an AuthenticationError of its callback through",
    async run(world) {
      const own = new world.identity.AuthenticationError(403, { error: "e", error_description: "d" });
      const credential = assertionCredential(world, () => Promise.reject(own));
      return credential.getToken(scope).catch((error: unknown) => error === own);
    },
    expected: true,
  },
  {
    behaviour: "ClientAssertionCredential refuses another tenant before it calls its callback",
    async run(world) {
      let calls = 0;
      const credential = assertionCredential(world, () => {
        calls++;
        return federated(world);
      });
      return { result: await world.failure(() => credential.getToken(scope, { tenantId: fabrikam })), calls };
    },
    expected: {
      result: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"),
      calls: 0,
    },
  },
  {
    behaviour: "ClientAssertionCredential reports a refused assertion with Entra's words",
    run: (world) => world.failure(() => assertionCredential(world, async () => "a.b.c").getToken(scope)),
    expected: failure("AuthenticationRequiredError", "AADSTS"),
  },
]);

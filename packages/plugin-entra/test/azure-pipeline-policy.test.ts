import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, scope } from "@azidentity/test-support";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import entra from "../src/index.ts";

const trustedBefore = tls.getCACertificates("default");
let emulator: Emulator;
let identity: ReturnType<typeof createIdentity>;
beforeAll(async () => {
  emulator = await startEmulator();
  tls.setDefaultCACertificates([...trustedBefore, emulator.caCertificate]);
  const { authorityHost, tenantId } = emulator;
  identity = createIdentity({ config: false, plugins: [entra], authorityHost, tenantId }, { env: {} });
});
afterEach(() => emulator.requests.clear());
afterAll(async () => {
  tls.setDefaultCACertificates(trustedBefore);
  await identity.close();
  await emulator.close();
});

/** What a client of the Azure SDK is made of, over a credential of ours. */
function createClient(credential: Parameters<typeof bearerTokenAuthenticationPolicy>[0]["credential"]) {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const client = createDefaultHttpClient();
  const url = `${emulator.vaultUrl}/secrets?api-version=7.5`;
  return async () => {
    const request = createPipelineRequest({ url });
    const { status } = await pipeline.sendRequest(client, request);
    return { status, token: request.headers.get("authorization")?.slice("Bearer ".length) ?? "" };
  };
}
const journal = () => emulator.requests.map(({ method, status }) => `${method} ${status}`);

it("the Azure SDK's policy satisfies a CAE challenge with one new token, which is cached", async () => {
  const { clientId, clientSecret } = emulator.application;
  const list = createClient(identity.credential("client-secret", { clientId, clientSecret }));
  const first = await list();
  expect(claimsOf(first.token).xms_cc).toEqual(["cp1"]);
  emulator.revokeSession();
  const second = await list();
  expect(second.status).toBe(200);
  expect(second.token).not.toBe(first.token);
  await list();
  expect(journal()).toEqual(["POST 200", "GET 200", "GET 401", "POST 200", "GET 200", "GET 200"]);
});

it("the Azure SDK's policy satisfies a CAE challenge of one on-behalf-of user only", async () => {
  const { clientId, clientSecret } = emulator.application;
  const onBehalfOf = identity.credential("on-behalf-of", { clientId, clientSecret });
  const [ann, bob] = await Promise.all(
    ["ann@contoso.example", "bob@contoso.example"].map(async (username) =>
      createClient(onBehalfOf.forUser(await emulator.issueUserToken({ username }))),
    ),
  );
  const tokens = await Promise.all([ann?.(), bob?.()]);
  expect(tokens.map((one) => claimsOf(one?.token ?? "").preferred_username)).toEqual([
    "ann@contoso.example",
    "bob@contoso.example",
  ]);
  emulator.faults.add({ path: "/secrets", challenge: "cae" });
  expect((await ann?.())?.token).not.toBe(tokens[0]?.token);
  expect((await bob?.())?.token).toBe(tokens[1]?.token);
});

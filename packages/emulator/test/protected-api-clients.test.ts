/** The pipeline of the Azure SDKs calls the API, with a credential of Microsoft's. */

import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ClientAssertionCredential, ClientSecretCredential, type TokenCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { trust } from "./support/trust.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
beforeEach(() => {
  emulator.requests.clear();
  emulator.faults.clear();
});
afterAll(() => emulator.close());

const credentials = {
  ClientSecretCredential: () => {
    const { tenantId, application } = emulator;
    return new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, options());
  },
  ClientAssertionCredential: () => {
    const { tenantId, application, issuers } = emulator;
    const assertion = () => issuers.githubActions.issueToken();
    return new ClientAssertionCredential(tenantId, application.clientId, assertion, options());
  },
};
const options = () => ({ authorityHost: emulator.authorityHost, disableInstanceDiscovery: true });

function createClient(credential: TokenCredential) {
  const { url, scope } = emulator.api;
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const http = createDefaultHttpClient();
  return () => pipeline.sendRequest(http, createPipelineRequest({ url, method: "POST", body: "Hi" }));
}

const traffic = () =>
  emulator.requests
    .filter(({ path }) => /\/(me|token)$/.test(path))
    .map(({ service, status }) => `${service} ${status}`);

it.each(Object.entries(credentials))("%s is let in, and after a revocation, too", async (_, create) => {
  const call = createClient(create());

  const first = await call();
  emulator.revokeSession();
  const second = await call();
  await call();

  expect([first, second].map(({ status }) => status)).toEqual([200, 200]);
  expect(JSON.parse(second.bodyAsText ?? "")).toMatchObject({
    claims: { oid: emulator.application.objectId, xms_cc: ["cp1"] },
    body: "Hi",
  });
  expect(traffic()).toEqual(["entra 200", "api 200", "api 401", "entra 200", "api 200", "api 200"]);
});

it.each(["cae", "cae-after-pop"] as const)("answers the challenge %s by another token", async (challenge) => {
  const call = createClient(credentials.ClientSecretCredential());
  emulator.faults.add({ service: "api", challenge });
  expect((await call()).status).toBe(200);
  expect(traffic()).toEqual(["entra 200", "api 401", "entra 200", "api 200"]);
});

it("is refused with a token for somebody else", async () => {
  const credential = credentials.ClientSecretCredential();
  const call = createClient({ getToken: (_, asked) => credential.getToken("https://vault.azure.net/.default", asked) });
  expect((await call()).status).toBe(401);
});

/** The pipeline of the Azure SDKs calls the API with credentials of @azure/identity. */

import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import {
  ClientAssertionCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  type TokenCredential,
} from "@azure/identity";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type DeviceSignInOutcome, type Emulator, startEmulator } from "../src/index.ts";
import { trust } from "./support/trust.ts";
import { ann, desktop, startWithUsers } from "./support/users.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  return trust(emulator);
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

function createClient(credential: TokenCredential, { url, scope } = emulator.api) {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const http = createDefaultHttpClient();
  return () => pipeline.sendRequest(http, createPipelineRequest({ url, method: "POST", body: "Hi" }));
}

const traffic = () =>
  emulator.requests
    .filter(({ path }) => /\/(me|token)$/.test(path))
    .map(({ service, status }) => `${service} ${status}`);

it("the API accepts a user, and after a revocation a user who has signed in again", async () => {
  const emulator = await startWithUsers();
  const distrust = trust(emulator);
  try {
    const steps: Promise<DeviceSignInOutcome>[] = [];
    const credential = new DeviceCodeCredential({
      tenantId: emulator.tenantId,
      clientId: desktop.clientId,
      authorityHost: emulator.authorityHost,
      disableInstanceDiscovery: true,
      userPromptCallback: ({ userCode }) => void steps.push(emulator.signInAtDevice(userCode)),
    });
    const call = createClient(credential, emulator.api);
    const statuses = [(await call()).status, (await call()).status];
    emulator.revokeSession(ann.objectId);
    statuses.push((await call()).status);

    expect(statuses).toEqual([200, 200, 200]);
    expect(await Promise.all(steps)).toMatchObject([{ approved: true }, { approved: true }]);
    const refused = emulator.requests.to("/token").filter(({ form }) => form.grant_type === "refresh_token");
    expect(
      refused.map(({ status, form }) => [status, JSON.parse(form.claims ?? "").access_token.nbf.essential]),
    ).toEqual([[400, true]]);
  } finally {
    distrust();
    await emulator.close();
  }
});

it.each(Object.entries(credentials))("the API accepts %s before and after a revocation", async (_, create) => {
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

it.each(["cae", "cae-after-pop"] as const)(
  "bearerTokenAuthenticationPolicy answers the challenge %s with another token",
  async (challenge) => {
    const call = createClient(credentials.ClientSecretCredential());
    emulator.faults.add({ service: "api", challenge });
    expect((await call()).status).toBe(200);
    expect(traffic()).toEqual(["entra 200", "api 401", "entra 200", "api 200"]);
  },
);

it("the API refuses a token for another audience", async () => {
  const credential = credentials.ClientSecretCredential();
  const call = createClient({ getToken: (_, asked) => credential.getToken("https://vault.azure.net/.default", asked) });
  expect((await call()).status).toBe(401);
});

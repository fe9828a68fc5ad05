/** The pipeline of the Azure SDKs calls the API, with a credential of Microsoft's. */

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
import { type DeviceSignedIn, type Emulator, startEmulator } from "../src/index.ts";
import { ann, desktop, startWithPeople } from "./support/people.ts";
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

it("a user is let in, and after a revocation once the person has signed in again", async () => {
  const people = await startWithPeople();
  try {
    trust(people);
    const steps: Promise<DeviceSignedIn>[] = [];
    const credential = new DeviceCodeCredential({
      tenantId: people.tenantId,
      clientId: desktop.clientId,
      authorityHost: people.authorityHost,
      disableInstanceDiscovery: true,
      userPromptCallback: ({ userCode }) => void steps.push(people.signInAtDevice(userCode)),
    });
    const call = createClient(credential, people.api);
    const statuses = [(await call()).status, (await call()).status];
    people.revokeSession(ann.objectId);
    statuses.push((await call()).status);

    expect(statuses).toEqual([200, 200, 200]);
    expect(await Promise.all(steps)).toMatchObject([{ approved: true }, { approved: true }]);
    const refused = people.requests.to("/token").filter(({ form }) => form.grant_type === "refresh_token");
    expect(
      refused.map(({ status, form }) => [status, JSON.parse(form.claims ?? "").access_token.nbf.essential]),
    ).toEqual([[400, true]]);
  } finally {
    await people.close();
  }
});

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

/** The broker's service in the hands of the official client: what `interactive-browser` does with it. */
import { createIdentity } from "@azidentity/core";
import { defineSource, type NativeBroker, services } from "@azidentity/core/plugin";
import { type INativeBrokerPlugin, PublicClientApplication } from "@azure/msal-node";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import broker from "../src/index.ts";
import { ann, bernard, claimsOf, clients, failure, openScene, type Scene, tenantId, vault } from "./scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  await scene.broker.startKeyring();
});
afterEach(() => scene.close());

/** What a source of another plugin is given. */
async function takeService(): Promise<NativeBroker> {
  const taken = Promise.withResolvers<NativeBroker | undefined>();
  const taker = defineSource({
    name: "taker",
    kind: "deployed",
    tenantPolicy: "fixed",
    subject: () => "taker",
    async create(_, context) {
      taken.resolve(await context.service(services.nativeBroker));
      throw new Error("it only wanted the service");
    },
  });
  const plugins = [broker, { name: "taker", contract: 1, sources: [taker] }] as const;
  const identity = createIdentity({ plugins, chain: ["taker"] }, { env: scene.env });
  await failure(identity.getToken(vault));
  const service = await taken.promise;
  await identity.close();
  if (service === undefined) throw new Error("there is no such service");
  return service;
}

function clientOf(service: NativeBroker, signal = new AbortController().signal) {
  const nativeBrokerPlugin = service.plugin(signal) as INativeBrokerPlugin;
  return new PublicClientApplication({
    auth: { clientId: clients.developer, authority: `https://login.microsoftonline.com/${tenantId}` },
    broker: { nativeBrokerPlugin },
  });
}

it("signs in, lists accounts, renews silently, and signs out", async () => {
  const service = await takeService();
  expect(service).toMatchObject({ available: true, reason: expect.any(String) });
  const client = clientOf(service);
  const request = { scopes: [vault], loginHint: bernard.username, openBrowser: () => expect.unreachable() };
  const windowHandle = Buffer.from([1, 2, 0, 0, 0, 0, 0, 0]);
  const signedIn = await client.acquireTokenInteractive({ ...request, windowHandle, prompt: "login" });
  expect(signedIn).toMatchObject({ fromPlatformBroker: true, account: { username: bernard.username } });
  expect(signedIn.expiresOn).toBeInstanceOf(Date);

  const accounts = await client.getAllAccounts();
  expect(accounts.map(({ username }) => username).sort()).toEqual([ann.username, bernard.username]);
  const [account] = accounts.filter(({ username }) => username === bernard.username);
  if (account === undefined) return expect.unreachable();
  const renewed = await client.acquireTokenSilent({ scopes: [vault], account });
  expect(claimsOf(renewed.accessToken).oid).toBe(bernard.objectId);

  await client.signOut({ account });
  expect(await failure(client.acquireTokenSilent({ scopes: [vault], account }))).toMatchObject({
    outcome: "interaction-required", // not of this application any more; the broker itself is not told
  });
});

it("rejects with errors of ours, which MSAL passes on as they are", async () => {
  const client = clientOf(await takeService());
  scene.broker.faults.add({ status: "UserCanceled" });
  const declined = client.acquireTokenInteractive({
    scopes: [vault],
    prompt: "login",
    openBrowser: () => expect.unreachable(),
  });
  expect(await failure(declined)).toMatchObject({ outcome: "cancelled", code: "sign-in-declined" });
});

it("ends its calls with the signal", async () => {
  const controller = new AbortController();
  const client = clientOf(await takeService(), controller.signal);
  scene.broker.faults.add({ connection: "hang" });
  const waiting = failure(
    client.acquireTokenInteractive({ scopes: [vault], prompt: "login", openBrowser: () => expect.unreachable() }),
  );
  await vi.waitUntil(() => scene.broker.calls.some(({ method }) => method === "acquireTokenInteractively"), 20_000);
  controller.abort(new Error("enough"));
  expect((await waiting).message).toBe("enough");
});

/**
 * The service `NativeBroker` as the broker of `@azure/msal-node`, for sources such as
 * `interactive-browser`.
 */
import { createIdentity } from "@azidentity/core";
import { defineSource, type NativeBroker, services } from "@azidentity/core/plugin";
import { type INativeBrokerPlugin, PublicClientApplication } from "@azure/msal-node";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import broker from "../src/index.ts";
import { ann, bernard, claimsOf, clients, type Desktop, failure, openDesktop, tenantId, vault } from "./desktop.ts";

let desktop: Desktop;
beforeEach(async () => {
  desktop = await openDesktop();
  await desktop.broker.startKeyring();
});
afterEach(() => desktop.close());

/** The service as a source of another plugin gets it. */
async function getService(): Promise<NativeBroker> {
  const received = Promise.withResolvers<NativeBroker | undefined>();
  const consumer = defineSource({
    name: "consumer",
    kind: "deployed",
    tenantPolicy: "fixed",
    subject: () => "consumer",
    async create(_, context) {
      received.resolve(await context.service(services.nativeBroker));
      throw new Error("the service is all that is needed");
    },
  });
  const plugins = [broker, { name: "consumer", contract: 1, sources: [consumer] }] as const;
  const identity = createIdentity({ plugins, chain: ["consumer"] }, { env: desktop.env });
  await failure(identity.getToken(vault));
  const service = await received.promise;
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

it("an MSAL client signs in, lists accounts, renews silently, and signs out through the broker service", async () => {
  const service = await getService();
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
    outcome: "interaction-required", // signing out removes the account from the application, not from the broker
  });
});

it("the broker service rejects with errors of azidentity, which MSAL passes on unchanged", async () => {
  const client = clientOf(await getService());
  desktop.broker.faults.add({ status: "UserCanceled" });
  const declined = client.acquireTokenInteractive({
    scopes: [vault],
    prompt: "login",
    openBrowser: () => expect.unreachable(),
  });
  expect(await failure(declined)).toMatchObject({ outcome: "cancelled", code: "sign-in-declined" });
});

it("an aborted signal ends the calls of the broker service", async () => {
  const controller = new AbortController();
  const client = clientOf(await getService(), controller.signal);
  desktop.broker.faults.add({ connection: "hang" });
  const waiting = failure(
    client.acquireTokenInteractive({ scopes: [vault], prompt: "login", openBrowser: () => expect.unreachable() }),
  );
  await vi.waitUntil(() => desktop.broker.calls.some(({ method }) => method === "acquireTokenInteractively"), 60_000);
  controller.abort(new Error("enough"));
  expect((await waiting).message).toBe("enough");
});

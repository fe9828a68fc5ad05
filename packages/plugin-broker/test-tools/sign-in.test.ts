/** The broker's dialog, answered by the double, with a keyring for the runtime to keep accounts in. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ann, bernard, claimsOf, clients, failure, homeIdOf, openScene, type Scene, tenantId, vault } from "./scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  await scene.broker.startKeyring();
});
afterEach(() => scene.close());

const dialogs = () => scene.broker.calls.filter(({ method }) => method === "acquireTokenInteractively");

it("shows no dialog unless `authenticate` is called", async () => {
  scene.broker.signOut(ann.username);
  const identity = scene.identity();
  await failure(identity.getToken(vault));
  await identity.explain(vault);
  await failure(identity.credential("broker", { parentWindowHandle: new Uint8Array(8) }).getToken(vault));
  expect(dialogs()).toEqual([]);
});

it("signs in whom the dialog brought, says who it was, and is silent from then on", async () => {
  const handle = new Uint8Array([1, 2, 0, 0, 0, 0, 0, 0]);
  const identity = scene.identity();
  const broker = identity.credential("broker", { parentWindowHandle: handle, loginHint: bernard.username });
  expect(await broker.authenticate(vault)).toEqual({
    authority: "login.microsoftonline.com",
    homeAccountId: homeIdOf(bernard),
    clientId: clients.developer,
    tenantId,
    username: bernard.username,
  });
  const { authParameters, parentWindowHandle } = Object(dialogs()[0]?.body) as {
    authParameters: object;
    parentWindowHandle: number;
  };
  expect(parentWindowHandle).toBe(0x201);
  expect(authParameters).toMatchObject({ username: bernard.username, requestedScopes: [vault] });
  expect(claimsOf((await broker.getToken(vault)).token).oid).toBe(bernard.objectId);
  expect(dialogs()).toHaveLength(1);
});

it("needs no window on Linux", async () => {
  const record = await scene.identity().credential("broker", {}).authenticate(vault);
  expect(record.username).toBe(ann.username);
});

it("answers a challenge that the silent way could not", async () => {
  scene.emulator.policies.add({ grantControl: "mfa", username: ann.username });
  const broker = scene.identity().credential("broker", {});
  const refused = await failure(broker.getToken(vault));
  expect(refused).toMatchObject({ outcome: "interaction-required" });
  scene.emulator.policies.clear();
  expect((await broker.authenticate(vault)).homeAccountId).toBe(homeIdOf(ann));
});

describe("a person who says no", () => {
  it("ends the sign-in as cancelled", async () => {
    scene.broker.faults.add({ status: "UserCanceled" });
    const error = await failure(scene.identity().credential("broker", {}).authenticate(vault));
    expect(error).toMatchObject({ name: "AbortError", outcome: "cancelled", code: "sign-in-declined" });
  });
});

it("ends the wait for the dialog with its caller's signal", async () => {
  scene.broker.faults.add({ connection: "hang" });
  const controller = new AbortController();
  const waiting = failure(
    scene.identity().credential("broker", {}).authenticate(vault, { abortSignal: controller.signal }),
  );
  await vi.waitUntil(() => dialogs().length > 0, 20_000);
  controller.abort();
  expect(await waiting).toMatchObject({ name: "AbortError" });
});

it("refuses whoever was not asked for", async () => {
  scene.broker.faults.add({ account: ann.username });
  const broker = scene.identity().credential("broker", { loginHint: bernard.username });
  expect(await failure(broker.authenticate(vault))).toMatchObject({ code: "another-account" });
});

it.each([
  ["of another type", "0x201"],
  ["of another length", new Uint8Array(3)],
  ["that is a plain list", [1, 2, 3, 4]],
])("refuses a window handle %s, and asks nobody", async (_, parentWindowHandle) => {
  const broker = scene.identity().credential("broker", { parentWindowHandle: parentWindowHandle as Uint8Array });
  for (const call of [broker.authenticate(vault), broker.getToken(vault)]) {
    expect(await failure(call)).toMatchObject({ outcome: "misconfigured", code: "invalid-window-handle" });
  }
  expect(scene.broker.calls).toEqual([]);
});

it("says that it needs a keyring, where there is none", async () => {
  const bare = await openScene();
  try {
    const error = await failure(bare.identity().credential("broker", {}).authenticate(vault));
    expect(error).toMatchObject({ outcome: "failed", code: "broker-keyring" });
  } finally {
    await bare.close();
  }
});

/**
 * The broker's dialog, answered by the emulated broker, with a keyring in which the runtime stores
 * accounts.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ann,
  bernard,
  claimsOf,
  clients,
  type Desktop,
  failure,
  homeIdOf,
  openDesktop,
  tenantId,
  vault,
} from "./desktop.ts";

let desktop: Desktop;
beforeEach(async () => {
  desktop = await openDesktop();
  await desktop.broker.startKeyring();
});
afterEach(() => desktop.close());

const dialogs = () => desktop.broker.calls.filter(({ method }) => method === "acquireTokenInteractively");

it("only `authenticate` shows a dialog", async () => {
  desktop.broker.signOut(ann.username);
  const identity = desktop.identity();
  await failure(identity.getToken(vault));
  await identity.explain(vault);
  await failure(identity.credential("broker", { parentWindowHandle: new Uint8Array(8) }).getToken(vault));
  expect(dialogs()).toEqual([]);
});

it("`authenticate` returns the record of the user, and later tokens need no dialog", async () => {
  const handle = new Uint8Array([1, 2, 0, 0, 0, 0, 0, 0]);
  const identity = desktop.identity();
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

it("`authenticate` needs no parent window on Linux", async () => {
  const record = await desktop.identity().credential("broker", {}).authenticate(vault);
  expect(record.username).toBe(ann.username);
});

it("`authenticate` succeeds after a silent request was refused with interaction-required", async () => {
  desktop.emulator.policies.add({ grantControl: "mfa", username: ann.username });
  const broker = desktop.identity().credential("broker", {});
  const refused = await failure(broker.getToken(vault));
  expect(refused).toMatchObject({ outcome: "interaction-required" });
  desktop.emulator.policies.clear();
  expect((await broker.authenticate(vault)).homeAccountId).toBe(homeIdOf(ann));
});

describe("a user who declines", () => {
  it("a user who declines ends the sign-in as cancelled", async () => {
    desktop.broker.faults.add({ status: "UserCanceled" });
    const error = await failure(desktop.identity().credential("broker", {}).authenticate(vault));
    expect(error).toMatchObject({ name: "AbortError", outcome: "cancelled", code: "sign-in-declined" });
  });
});

it("the signal of the caller ends the wait for the dialog", async () => {
  desktop.broker.faults.add({ connection: "hang" });
  const controller = new AbortController();
  const waiting = failure(
    desktop.identity().credential("broker", {}).authenticate(vault, { abortSignal: controller.signal }),
  );
  await vi.waitUntil(() => dialogs().length > 0, 60_000);
  controller.abort();
  expect(await waiting).toMatchObject({ name: "AbortError" });
});

it("`authenticate` refuses another account than the login hint names", async () => {
  desktop.broker.faults.add({ account: ann.username });
  const broker = desktop.identity().credential("broker", { loginHint: bernard.username });
  expect(await failure(broker.authenticate(vault))).toMatchObject({ code: "another-account" });
});

it.each([
  ["of another type", "0x201"],
  ["of another length", new Uint8Array(3)],
  ["that is an array", [1, 2, 3, 4]],
])("a window handle %s is refused before the broker is called", async (_, parentWindowHandle) => {
  const broker = desktop.identity().credential("broker", { parentWindowHandle: parentWindowHandle as Uint8Array });
  for (const call of [broker.authenticate(vault), broker.getToken(vault)]) {
    expect(await failure(call)).toMatchObject({ outcome: "misconfigured", code: "invalid-window-handle" });
  }
  expect(desktop.broker.calls).toEqual([]);
});

it("a desktop without a keyring is reported with the code broker-keyring", async () => {
  const bare = await openDesktop();
  try {
    const error = await failure(bare.identity().credential("broker", {}).authenticate(vault));
    expect(error).toMatchObject({ outcome: "failed", code: "broker-keyring" });
  } finally {
    await bare.close();
  }
});

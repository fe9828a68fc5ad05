import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ann, bernard, claimsOf, clients, failure, homeIdOf, openScene, type Scene, tenantId, vault } from "./scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const recordOf = ({ username, objectId }: typeof ann) => ({
  authority: "login.microsoftonline.com",
  homeAccountId: homeIdOf({ objectId }),
  clientId: clients.editor,
  tenantId,
  username,
  datetime: "2026-01-01T00:00:00Z",
});

it("signs in as whoever is signed in to the editor, before the broker's own source is asked", async () => {
  scene.writeRecord(recordOf(ann));
  const identity = scene.identity();
  const { token } = await identity.getToken(vault);
  expect(claimsOf(token)).toMatchObject({ oid: ann.objectId, appid: clients.editor });
  expect(identity.explain.last?.winner).toBe("visual-studio-code");
});

it("finds an account that is not the operating system's default", async () => {
  await scene.broker.startKeyring();
  scene.broker.signIn(bernard.username);
  scene.writeRecord(recordOf(ann));
  const { token } = await scene.identity(["visual-studio-code"]).getToken(vault);
  expect(claimsOf(token).oid).toBe(ann.objectId);
});

it("hands out nobody else's token when the broker does not know the editor's account", async () => {
  scene.writeRecord(recordOf(bernard));
  const error = await failure(scene.identity(["visual-studio-code"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
});

it("notices who signs in, who signs in as somebody else, and who signs out", async () => {
  await scene.broker.startKeyring();
  scene.broker.signIn(bernard.username);
  const identity = scene.identity(["visual-studio-code"]);
  expect(await failure(identity.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
  scene.writeRecord(recordOf(ann));
  expect(claimsOf((await identity.getToken(vault)).token).oid).toBe(ann.objectId);
  scene.writeRecord({ ...recordOf(bernard), note: "another account is another file" });
  expect(claimsOf((await identity.getToken(vault)).token).oid).toBe(bernard.objectId);
  rmSync(join(scene.home, ".azure"), { recursive: true });
  expect(await failure(identity.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
});

it.each<[string, (record: ReturnType<typeof recordOf>) => object | string, string?]>([
  ["of another application", (record) => ({ ...record, clientId: clients.developer }), "foreign-authentication-record"],
  ["of a version that is not known", (record) => ({ ...record, version: "9.0" })],
  ["without an account", ({ homeAccountId: _, ...record }) => record],
  ["that is no JSON", () => '{"authority": "log'],
  ["that is empty", () => ""],
  ["of a megabyte", (record) => ({ ...record, note: "x".repeat(1_000_000) })],
])("refuses a record %s, and asks nobody", async (_, change, code = "invalid-authentication-record") => {
  scene.writeRecord(change(recordOf(ann)));
  const error = await failure(scene.identity(["visual-studio-code"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "misconfigured", code });
  expect(scene.broker.calls).toEqual([]);
});

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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
});
afterEach(() => desktop.close());

const recordOf = ({ username, objectId }: typeof ann) => ({
  authority: "login.microsoftonline.com",
  homeAccountId: homeIdOf({ objectId }),
  clientId: clients.editor,
  tenantId,
  username,
  datetime: "2026-01-01T00:00:00Z",
});

it("the user of the editor signs in, before the source `broker` is tried", async () => {
  desktop.writeRecord(recordOf(ann));
  const identity = desktop.identity();
  const { token } = await identity.getToken(vault);
  expect(claimsOf(token)).toMatchObject({ oid: ann.objectId, appid: clients.editor });
  expect(identity.explain.last?.winner).toBe("visual-studio-code");
});

it("the account of the editor may differ from the operating system's default account", async () => {
  await desktop.broker.startKeyring();
  desktop.broker.signIn(bernard.username);
  desktop.writeRecord(recordOf(ann));
  const { token } = await desktop.identity(["visual-studio-code"]).getToken(vault);
  expect(claimsOf(token).oid).toBe(ann.objectId);
});

it("an account of the editor that the broker does not know gets no token of another account", async () => {
  desktop.writeRecord(recordOf(bernard));
  const error = await failure(desktop.identity(["visual-studio-code"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
});

it("sign-ins, account changes and sign-outs in the editor take effect with the next token", async () => {
  await desktop.broker.startKeyring();
  desktop.broker.signIn(bernard.username);
  const identity = desktop.identity(["visual-studio-code"]);
  expect(await failure(identity.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
  desktop.writeRecord(recordOf(ann));
  expect(claimsOf((await identity.getToken(vault)).token).oid).toBe(ann.objectId);
  desktop.writeRecord({ ...recordOf(bernard), note: "a different size" });
  expect(claimsOf((await identity.getToken(vault)).token).oid).toBe(bernard.objectId);
  rmSync(join(desktop.home, ".azure"), { recursive: true });
  expect(await failure(identity.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
});

it.each<[string, (record: ReturnType<typeof recordOf>) => object | string, string?]>([
  ["of another application", (record) => ({ ...record, clientId: clients.developer }), "foreign-authentication-record"],
  ["of an unknown version", (record) => ({ ...record, version: "9.0" })],
  ["without an account", ({ homeAccountId: _, ...record }) => record],
  ["that is not JSON", () => '{"authority": "log'],
  ["that is empty", () => ""],
  ["of a megabyte", (record) => ({ ...record, note: "x".repeat(1_000_000) })],
])("a record %s is refused before the broker is called", async (_, change, code = "invalid-authentication-record") => {
  desktop.writeRecord(change(recordOf(ann)));
  const error = await failure(desktop.identity(["visual-studio-code"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "misconfigured", code });
  expect(desktop.broker.calls).toEqual([]);
});

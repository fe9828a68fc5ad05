import { lstat, readFile, stat } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { claimsIn, type Query, requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { ArcChallengeFormat } from "./arc-challenges.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "azure-arc": { userAssigned: [{}] } } });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const whole = { "api-version": "2020-06-01", resource: "https://vault.azure.net" };
const ask = (query: Query = whole, headers: Readonly<Record<string, string>> = {}, asked = emulator) =>
  requestHostToken(asked, "azure-arc", query, { Metadata: "true", ...headers });

/** The challenge of the agent, and its path. */
async function challenge(form?: ArcChallengeFormat) {
  if (form !== undefined) emulator.faults.add({ service: "azure-arc", challenge: form });
  const { status, headers } = await ask();
  const text = String(headers["www-authenticate"]);
  return { status, text, path: /^Basic realm=([^,]*)/.exec(text)?.[1]?.replaceAll('"', "") ?? "" };
}
const keyIn = async (path: string) => ({ Authorization: `Basic ${(await readFile(path, "latin1")).trimEnd()}` });

it("Azure Arc returns a token for the key in its file, once", async () => {
  const { status, path } = await challenge();
  expect(status).toBe(401);
  expect(dirname(path)).toBe(emulator.host("azure-arc").keyDirectory);
  const proof = await keyIn(path);
  const answer = await ask(whole, proof);
  expect(claimsIn(answer).oid).toBe(emulator.host("azure-arc").systemAssigned?.objectId);
  expect((await ask(whole, proof)).status).toBe(401);
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
});

it.each([
  ["client_id", "clientId"],
  ["object_id", "objectId"],
  ["msi_res_id", "resourceId"],
] as const)("Azure Arc finds an identity by %s and returns the parameter", async (name, kind) => {
  const expected = emulator.host("azure-arc").userAssigned[0];
  const query = { ...whole, [name]: expected?.[kind] ?? "" };
  const answer = await ask(query, await keyIn((await challenge()).path));
  expect(claimsIn(answer).oid).toBe(expected?.objectId);
  expect(answer.json).toMatchObject({ [name]: expected?.[kind] });
});

it("an old agent of Azure Arc ignores the requested identity", async () => {
  await using old = await startEmulator({ hosts: { "azure-arc": { userAssigned: [{}], legacyAgent: true } } });
  const query = { ...whole, client_id: old.host("azure-arc").userAssigned[0]?.clientId ?? "" };
  const { headers } = await ask(query, {}, old);
  const path = String(headers["www-authenticate"]).replace("Basic realm=", "");
  const answer = await ask(query, await keyIn(path), old);
  expect(claimsIn(answer).oid).toBe(old.host("azure-arc").systemAssigned?.objectId);
  expect(answer.json).not.toHaveProperty("client_id");
});

it.each<[string, Query, Readonly<Record<string, string>>, number, string]>([
  ["no header", whole, { Metadata: "" }, 400, "bad_request_102"],
  ["no version", { resource: "a" }, {}, 400, "invalid_request"],
  ["a key that it has not written", whole, { Authorization: "Basic abc" }, 401, "unauthorized_client"],
  ["another scheme", whole, { Authorization: "Bearer abc" }, 401, "unauthorized_client"],
])("Azure Arc refuses %s", async (_, query, headers, status, error) => {
  expect(await ask(query, headers)).toMatchObject({ status, json: { error } });
});

it("Azure Arc refuses an identity that is not assigned", async () => {
  const answer = await ask({ ...whole, client_id: "an-app" }, await keyIn((await challenge()).path));
  expect(answer).toMatchObject({ status: 400, json: { error_description: "Identity not found" } });
});

it.each<[ArcChallengeFormat, RegExp]>([
  ["azure-arc", /^Basic realm=\/\S+\.key$/],
  ["azure-arc-quoted", /^Basic realm="\/\S+\.key"$/],
  ["azure-arc-parameter", /^Basic realm=\/\S+\.key, charset="UTF-8"$/],
  ["azure-arc-bearer", /^Bearer realm=\/\S+\.key$/],
  ["azure-arc-no-realm", /^Basic$/],
  ["azure-arc-no-extension", /^Basic realm=\/[^.]+$/],
  ["azure-arc-parent", /^Basic realm=\/\S+\/\.\.\/\S+\.key$/],
])("the challenge of Azure Arc %s has the format of its kind", async (form, expected) => {
  expect(await challenge(form)).toMatchObject({ status: 401, text: expect.stringMatching(expected) });
});

it.each<[ArcChallengeFormat, number]>([
  ["azure-arc-largest", 4096],
  ["azure-arc-oversize", 4097],
  ["azure-arc-empty", 0],
  ["azure-arc-line-break", 65],
])("the challenge of Azure Arc %s names a file of the declared size", async (form, bytes) => {
  expect((await stat((await challenge(form)).path)).size).toBe(bytes);
});

it("the challenge of Azure Arc can name a link, a directory, a file elsewhere and a missing file", async () => {
  const { keyDirectory } = emulator.host("azure-arc");
  expect((await lstat((await challenge("azure-arc-symlink")).path)).isSymbolicLink()).toBe(true);
  expect((await lstat((await challenge("azure-arc-directory")).path)).isDirectory()).toBe(true);
  expect(relative(keyDirectory, (await challenge("azure-arc-elsewhere")).path)).toMatch(/^\.\./);
  await expect(stat((await challenge("azure-arc-missing")).path)).rejects.toMatchObject({ code: "ENOENT" });
});

it("the challenge of Azure Arc returns a token to a client that follows an invalid challenge", async () => {
  expect((await ask(whole, await keyIn((await challenge("azure-arc-symlink")).path))).status).toBe(200);
});

it("the challenge of Azure Arc cannot be one of another service", async () => {
  emulator.faults.add({ service: "azure-arc", challenge: "cae" });
  expect(await ask()).toMatchObject({
    status: 500,
    json: { emulator: expect.stringContaining(`The service "azure-arc"`) },
  });
});

it("Azure Arc removes its key files when it closes", async () => {
  const other = await startEmulator({ hosts: { "azure-arc": {} } });
  const { headers } = await ask(whole, {}, other);
  const path = String(headers["www-authenticate"]).replace("Basic realm=", "");
  await stat(path);
  await other.close();
  await expect(stat(dirname(path))).rejects.toMatchObject({ code: "ENOENT" });
});

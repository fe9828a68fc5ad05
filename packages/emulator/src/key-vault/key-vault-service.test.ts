import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type PlainRequest, requestToken, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
let authorization: string;
beforeAll(async () => {
  emulator = await startEmulator();
  const { json } = await requestToken(emulator, { scope: "https://vault.azure.net/.default" });
  authorization = `Bearer ${(json as { access_token: string }).access_token}`;
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const ask = (path: string, options: PlainRequest = {}) =>
  send(emulator, emulator.vaultUrl + path, { ...options, headers: { authorization } });
const set = (name: string, body: unknown) =>
  ask(`/secrets/${name}?api-version=7.6`, { method: "PUT", body: JSON.stringify(body) });

it("the vault returns the secret that was set", async () => {
  const attributes = { enabled: true, nbf: 1, exp: 2 };
  const { status, json } = await set("Greeting", { value: "Hi", contentType: "text", tags: { a: "b" }, attributes });

  const now = Math.floor(emulator.clock.now() / 1000);
  const { id } = json as { id: string };
  expect(status).toBe(200);
  expect(id).toMatch(/^https:\/\/localhost:\d+\/secrets\/Greeting\/[0-9a-f]{32}$/);
  expect(json).toEqual({
    id,
    value: "Hi",
    contentType: "text",
    tags: { a: "b" },
    attributes: {
      ...attributes,
      created: expect.toSatisfy((time) => time <= now),
      updated: expect.any(Number),
      recoveryLevel: "Purgeable",
    },
  });
  for (const path of [new URL(id).pathname, "/secrets/greeting", "/secrets/GREETING/"]) {
    expect((await ask(`${path}?api-version=7.6`)).json).toEqual(json);
  }
});

it("the vault returns secret ids under the host name of the request", async () => {
  await set("named", { value: "1" });
  const { port } = new URL(emulator.vaultUrl);
  const { json } = await send(emulator, `${emulator.vaultUrl}/secrets/named?api-version=7.6`, {
    headers: { authorization, host: `contoso.vault.azure.net:${port}` },
  });
  expect(json).toMatchObject({
    id: expect.stringMatching(`^https://contoso.vault.azure.net:${port}/secrets/named/`),
  });
});

it.each([
  ["PUT", "/secrets/a_b?api-version=7.6", '{"value":""}', 400, "BadParameter"],
  ["PUT", `/secrets/${"a".repeat(128)}?api-version=7.6`, '{"value":""}', 400, "BadParameter"],
  ["PUT", "/secrets/a?api-version=7.6", "", 400, "BadParameter"],
  ["PUT", "/secrets/a?api-version=7.6", '"text"', 400, "BadParameter"],
  ["PUT", "/secrets/a?api-version=7.6", '{"value":1}', 400, "BadParameter"],
  ["PUT", "/secrets/a", '{"value":""}', 400, "BadParameter"],
  ["GET", "/secrets?api-version=", undefined, 400, "BadParameter"],
  ["GET", "/secrets?api-version=7.6&maxresults=26", undefined, 400, "BadParameter"],
  ["GET", "/secrets?api-version=7.6&maxresults=0", undefined, 400, "BadParameter"],
  ["GET", "/secrets?api-version=7.6&$skiptoken=x", undefined, 400, "BadParameter"],
  ["GET", "/secrets/unknown?api-version=7.6", undefined, 404, "SecretNotFound"],
  ["GET", "/secrets/unknown/versions?api-version=7.6", undefined, 404, "SecretNotFound"],
  ["DELETE", "/secrets/unknown?api-version=7.6", undefined, 404, "SecretNotFound"],
])("the vault answers %s %s with body %j by status %i", async (method, path, body, status, code) => {
  expect(await ask(path, { method, body })).toMatchObject({ status, json: { error: { code } } });
});

it("the vault returns known versions, and 404 for others", async () => {
  await set("rotated", { value: "1" });
  await set("rotated", { value: "2" });
  expect((await ask("/secrets/rotated?api-version=7.6")).json).toMatchObject({ value: "2" });
  expect((await ask("/secrets/rotated/0?api-version=7.6")).status).toBe(404);
});

it("the vault refuses to return a disabled secret", async () => {
  await set("off", { value: "1", attributes: { enabled: false } });
  expect(await ask("/secrets/off?api-version=7.6")).toMatchObject({
    status: 403,
    json: { error: { code: "Forbidden", innererror: { code: "SecretDisabled" } } },
  });
});

it("the vault checks the token before any other part of the request", async () => {
  const answer = await send(emulator, `${emulator.vaultUrl}/secrets/a_b`, { method: "PUT", body: "{" });
  expect(answer.status).toBe(401);
});

it.each([
  [{ status: 429 }, 429, "Throttled"],
  [{ status: 503 }, 503, "InternalServerError"],
  [{ challenge: "pop-nonce" }, 401, "Unauthorized"],
  [{ challenge: "storage", status: 403 }, 403, "Forbidden"],
] as const)("a fault at the vault %j produces an error response of the vault", async (fault, status, code) => {
  emulator.faults.add({ path: "/secrets", ...fault });
  expect(await ask("/secrets?api-version=7.6")).toMatchObject({ status, json: { error: { code } } });
});

it("a fault at the vault has a challenge, unless it sets the header", async () => {
  emulator.faults.add({ challenge: "key-vault" }, { challenge: "key-vault", headers: { "WWW-Authenticate": "Other" } });
  const headers = [await ask("/secrets"), await ask("/secrets")].map((answer) => answer.headers["www-authenticate"]);
  expect(headers).toEqual([expect.stringMatching(/^Bearer authorization=/), "Other"]);
});

it("a fault at the vault cannot be an AADSTS error", async () => {
  emulator.faults.add({ error: 50076 });
  expect(await ask("/secrets")).toMatchObject({ status: 500, json: { emulator: expect.stringContaining("Entra") } });
});

it("a fault at the vault cannot be a challenge at Entra", async () => {
  emulator.faults.add({ challenge: "cae" });
  expect(await requestToken(emulator)).toMatchObject({ status: 500, json: { emulator: expect.any(String) } });
});

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { requestToken, send } from "../../test/support/plain-client.ts";
import { verify } from "../../test/support/verify.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

it("a fault applies to the matching requests, `times` times", async () => {
  emulator.faults.add({ path: "token", times: 2, status: 429, headers: { "Retry-After": "2" } });

  expect((await send(emulator, `/${emulator.tenantId}/discovery/v2.0/keys`)).status).toBe(200);
  const throttled = await requestToken(emulator);
  expect(throttled).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
  expect(throttled.json).toMatchObject({ error: "temporarily_unavailable", error_codes: [90055] });
  expect((await requestToken(emulator)).status).toBe(429);
  expect((await requestToken(emulator)).status).toBe(200);
});

it("a fault applies after the faults that were added before it", async () => {
  emulator.faults.add({ status: 500 }, { status: 503 });
  emulator.faults.add({ method: "get", status: 418 });

  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await requestToken(emulator)).status);
  expect(statuses).toEqual([500, 503, 200]);
});

it("a fault with times: Infinity applies until it is cleared", async () => {
  emulator.faults.add({ times: Infinity, status: 503 });
  expect([(await requestToken(emulator)).status, (await requestToken(emulator)).status]).toEqual([503, 503]);

  emulator.faults.clear();
  expect((await requestToken(emulator)).status).toBe(200);
});

it("a fault does not change with the object that was added", async () => {
  const fault = { status: 500 };
  emulator.faults.add(fault);
  fault.status = 503;
  expect((await requestToken(emulator)).status).toBe(500);
});

it.each([
  [{}, TypeError],
  [{ path: "token", times: 3 }, TypeError],
  [{ status: 500, times: 0 }, RangeError],
  [{ status: 42 }, RangeError],
  [{ delayMs: -1 }, RangeError],
  [{ challenge: "toString" as "cae" }, TypeError],
])("a fault is rejected as %j", (fault, error) => {
  expect(() => emulator.faults.add(fault)).toThrow(error);
});

it("the connection under a fault stays open until the client closes it", async () => {
  emulator.faults.add({ connection: "hang" });
  const abort = new AbortController();
  const arrival = emulator.requests.next();
  const answer = requestToken(emulator, {}, { signal: abort.signal });

  expect(await arrival).toMatchObject({ method: "POST", status: undefined });
  abort.abort();
  await expect(answer).rejects.toThrow("abort");
});

it("the connection under a fault is reset", async () => {
  emulator.faults.add({ connection: "reset" });
  await expect(requestToken(emulator)).rejects.toMatchObject({ code: "ECONNRESET" });
});

it("the connection under a fault is closed in the middle of the body", async () => {
  emulator.faults.add({ connection: "truncate" });
  await expect(requestToken(emulator)).rejects.toThrow("aborted");
  expect(emulator.requests[0]?.status).toBe(200);
});

it("the response under a fault is delayed by delayMs", async () => {
  emulator.faults.add({ delayMs: 5 });
  expect((await requestToken(emulator)).status).toBe(200);
});

it("the response under a fault is not sent to a client that has disconnected during the delay", async () => {
  emulator.faults.add({ delayMs: 3_600_000 });
  const abort = new AbortController();
  const arrival = emulator.requests.next();
  const answer = requestToken(emulator, {}, { signal: abort.signal });
  await arrival;
  abort.abort();
  await expect(answer).rejects.toThrow("abort");
  expect(emulator.requests[0]?.status).toBeUndefined();
});

it("the response under a fault is an error of Entra from status 400 on", async () => {
  emulator.faults.add({ status: 503 });
  expect((await requestToken(emulator)).json).toMatchObject({ error_codes: [90033] });
});

it("the response under a fault is any AADSTS error, with rewritten fields", async () => {
  emulator.faults.add({ error: 50076, rewrite: { error: "invalid_grant", suberror: "basic_action", claims: "{}" } });
  const { status, json } = await requestToken(emulator);
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: "invalid_grant",
    error_codes: [50076],
    error_description: expect.stringMatching(/^AADSTS50076: /),
    suberror: "basic_action",
    claims: "{}",
  });
});

it.each([
  ["a page", "<!doctype html><p>Busy</p>", "text/html; charset=utf-8"],
  ["cut JSON", '{"access_token":"ey', "application/json; charset=utf-8"],
  ["nothing", "", "application/json; charset=utf-8"],
  ["another object", { token: 1 }, "application/json; charset=utf-8"],
])("the response under a fault is %s", async (_, body, type) => {
  emulator.faults.add({ body });
  const answer = await requestToken(emulator);
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": type } });
  expect(answer.body).toBe(typeof body === "string" ? body : JSON.stringify(body));
});

it("the response under a fault is an HTML body with the status and headers of the fault", async () => {
  emulator.faults.add({ status: 502, headers: { "Content-Type": "text/plain" }, body: "<b>Bad gateway</b>" });
  expect(await requestToken(emulator)).toMatchObject({
    status: 502,
    headers: { "content-type": "text/plain" },
    body: "<b>Bad gateway</b>",
  });
});

it("the response under a fault is a redirect", async () => {
  emulator.faults.add({ status: 302, headers: { Location: "https://localhost:1/" } });
  expect(await requestToken(emulator)).toMatchObject({
    status: 302,
    headers: { location: "https://localhost:1/" },
    body: "",
  });
});

it.each([
  ["missing", undefined],
  ["negative", -1],
  ["text", "3599"],
])("the response under a fault has an expires_in that is %s", async (_, value) => {
  emulator.faults.add({ rewrite: { expires_in: value } });
  const { json } = await requestToken(emulator);
  expect(json).toHaveProperty("access_token");
  expect((json as { expires_in: unknown }).expires_in).toBe(value);
});

it("the response under a fault contains tokens with other claims, which still verify", async () => {
  emulator.faults.add({ claims: { access_token: { oid: "another-object-id", uti: undefined } } });
  const { json } = await requestToken(emulator);
  const { access_token } = json as { access_token: string };
  const claims = await verify(emulator, access_token, "https://storage.azure.com");
  expect(claims).toMatchObject({ oid: "another-object-id", tid: emulator.tenantId });
  expect(claims).not.toHaveProperty("uti");
});

it("the response under a fault is an error if it has no token to change", async () => {
  emulator.faults.add({ claims: { id_token: { nonce: "another" } } });
  expect(await requestToken(emulator)).toMatchObject({
    status: 500,
    json: { emulator: expect.stringContaining("no id_token") },
  });
  emulator.faults.add({ claims: { value: {} }, service: "key-vault" });
  expect(await send(emulator, `${emulator.vaultUrl}/secrets`)).toMatchObject({
    status: 500,
    json: { emulator: expect.stringContaining('The service "key-vault"') },
  });
});

it("the response under a fault is an error if it has no JSON to rewrite", async () => {
  emulator.faults.add({ body: "<p>", rewrite: { expires_in: 1 } });
  expect(await requestToken(emulator)).toMatchObject({
    status: 500,
    json: { emulator: expect.stringContaining("JSON") },
  });
});

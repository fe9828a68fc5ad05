import { once } from "node:events";
import { request } from "node:https";
import { afterAll, beforeAll, expect, it } from "vitest";
import { send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

it("an unknown path has a 404 response with an error of the emulator", async () => {
  const answer = await send(emulator, "/nowhere");
  expect(answer).toMatchObject({ status: 404, json: { emulator: "The emulator has no route /nowhere." } });
});

it("a wrong method has a 405 response with the allowed methods", async () => {
  const answer = await send(emulator, "/common/discovery/v2.0/keys", { method: "PUT" });
  expect(answer).toMatchObject({ status: 405, headers: { allow: "GET" } });
});

it("the target may be a whole URL, as clients of proxies send it, and its host counts", async () => {
  const { port } = new URL(emulator.authorityHost);
  const url = `https://127.0.0.1:${port}/common/discovery/v2.0/keys`;
  const [response] = await once(
    request({ port, path: url, ca: emulator.caCertificate, agent: false }).end(),
    "response",
  );
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(emulator.requests.at(-1)).toMatchObject({ url, path: "/common/discovery/v2.0/keys" });
});

it("an invalid Host header has a 400 response", async () => {
  const answer = await send(emulator, "/", { headers: { host: "localhost:99999" } });
  expect(answer).toMatchObject({ status: 400, json: { emulator: "Invalid URL" } });
});

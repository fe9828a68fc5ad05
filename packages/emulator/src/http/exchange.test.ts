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

it("an invalid Host header has a 400 response", async () => {
  const answer = await send(emulator, "/", { headers: { host: "localhost:99999" } });
  expect(answer).toMatchObject({ status: 400, json: { emulator: "Invalid URL" } });
});

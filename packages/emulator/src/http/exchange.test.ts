import { afterAll, beforeAll, expect, it } from "vitest";
import { send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

it("says in its own words that nothing answers at a path", async () => {
  const answer = await send(emulator, "/nowhere");
  expect(answer).toMatchObject({ status: 404, json: { emulator: "Nothing answers at /nowhere." } });
});

it("names the methods that a path takes", async () => {
  const answer = await send(emulator, "/common/discovery/v2.0/keys", { method: "PUT" });
  expect(answer).toMatchObject({ status: 405, headers: { allow: "GET" } });
});

it("refuses a host that is none", async () => {
  const answer = await send(emulator, "/", { headers: { host: "localhost:99999" } });
  expect(answer).toMatchObject({ status: 400, json: { emulator: "Invalid URL" } });
});

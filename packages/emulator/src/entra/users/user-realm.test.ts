import { afterAll, beforeAll, expect, it } from "vitest";
import { send } from "../../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ users: [{ username: "ann@contoso.example", password: "s3cret" }] }] });
});
afterAll(() => emulator.close());

it.each([
  ["Ann@Contoso.example", { account_type: "Managed", domain_name: "contoso.example" }],
  ["bob@contoso.example", { account_type: "Unknown" }],
])("the realm of %s is %j", async (username, realm) => {
  const { status, json } = await send(emulator, `/common/userrealm/${encodeURIComponent(username)}?api-version=1.0`);
  expect(status).toBe(200);
  expect(json).toMatchObject(realm);
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator.ts";

const clientId = "11111111-1111-4111-8111-111111111111";
const asking = "22222222-2222-4222-8222-222222222222";
const ann = { username: "ann@contoso.example", password: "s3cret-ann", secondFactor: "246810" };
const ben = { username: "ben@contoso.example", password: "s3cret-ben" };
const vault = "https://vault.azure.net/.default";

let emulator: Emulator;
beforeAll(async () => {
  const tenant = {
    displayName: "Contoso",
    applications: [
      {},
      { clientId, displayName: "Greeter", publicClient: true, secrets: [] },
      { clientId: asking, displayName: "Asker", publicClient: true, secrets: [], adminConsent: false },
    ],
    users: [ann, ben],
  };
  emulator = await startEmulator({ tenants: [tenant] });
});
beforeEach(() => emulator.policies.clear());
afterAll(() => emulator.close());

function authorizeUrl(changes: Record<string, string | undefined> = {}, tenant = emulator.tenantId): string {
  const query = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: "http://localhost:12345",
    scope: `${vault} openid offline_access`,
    state: "a state",
    ...changes,
  };
  const url = new URL(`${emulator.authorityHost}/${tenant}/oauth2/v2.0/authorize`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

describe("a person at the sign-in page", () => {
  it("signs in by name and password, and goes back with a code and the state", async () => {
    const { steps, method, url, parameters } = await emulator.signIn(authorizeUrl(), { account: ann.username });
    expect(steps).toEqual(["account", "password"]);
    expect(method).toBe("GET");
    expect(url).toMatch(/^http:\/\/localhost:12345\/\?code=/);
    expect(parameters).toMatchObject({ code: expect.any(String), state: "a state" });
  });

  it("is followed to the client, which gets a form", async () => {
    const server = createServer(async (request, response) => response.end(`got ${await text(request)}`)).listen(
      0,
      "127.0.0.1",
    );
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const redirectUri = `http://localhost:${(server.address() as AddressInfo).port}`;
      const url = authorizeUrl({ redirect_uri: redirectUri, response_mode: "form_post" });
      const { answer } = await emulator.signIn(url, { follow: true });
      expect(answer).toEqual({ status: 200, body: expect.stringMatching(/^got code=.*&state=a\+state$/) });
    } finally {
      server.close();
    }
  });
  it.each([
    ["account", {}, "access_denied"],
    ["consent", { client_id: asking }, "access_denied"],
  ] as const)("can give up at %s", async (decline, changes, error) => {
    const { parameters } = await emulator.signIn(authorizeUrl(changes), { decline });
    expect(parameters).toMatchObject({ error, state: "a state" });
  });
});

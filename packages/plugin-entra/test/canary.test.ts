import { createIdentity } from "@azidentity/core";
import { type Emulator, type Fault, startEmulator } from "@azidentity/emulator";
import { everythingShown } from "@azidentity/test-support";
import { afterAll, beforeAll, expect, it } from "vitest";
import entra from "../src/index.ts";

const scope = "https://vault.azure.net/.default";
const secret = "canary-secret-that-must-not-be-shown";
const wrongSecret = "canary-wrong-secret-neither";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ applications: [{ secrets: [secret] }] }] });
});
afterAll(() => emulator.close());

/** What is shown of one run against the emulator, and the tokens that it got. */
async function runWith(clientSecret: string, fault: Fault | undefined): Promise<{ shown: string; tokens: string[] }> {
  const tokens: string[] = [];
  const shown = await everythingShown(async (see) => {
    const env = { ...emulator.env(), AZURE_CLIENT_SECRET: clientSecret };
    await using identity = createIdentity(
      {
        config: false,
        plugins: [entra],
        http: { caFile: emulator.caCertificateFile },
        log: { level: "debug", allowLoggingAccountIdentifiers: true },
      },
      { env, logger: { error: see, warn: see, info: see, debug: see } },
    );
    if (fault !== undefined) emulator.faults.add(fault);
    try {
      for (const options of [{}, { enableCae: true }, { claims: '{"access_token":{}}' }]) {
        await identity.getToken(scope, options).then((token) => {
          tokens.push(token.token);
          see(token);
        }, see);
      }
      see(await identity.explain(scope), identity.explain.last);
    } finally {
      emulator.faults.clear();
    }
  });
  return { shown, tokens };
}

it.each<[string, string, Fault | undefined]>([
  ["a token", secret, undefined],
  ["a wrong secret", wrongSecret, undefined],
  [
    "a server error that echoes the request",
    secret,
    { path: "/token", status: 400, body: `<pre>client_secret=${secret}</pre>`, times: 9 },
  ],
  [
    "a refusal that echoes the secret",
    secret,
    {
      path: "/token",
      status: 401,
      body: { error: "invalid_client", error_description: `AADSTS7000215: ${secret}` },
      times: 9,
    },
  ],
  ["an answer with a token and no expiry", secret, { path: "/token", rewrite: { expires_in: undefined }, times: 9 }],
  ["an answer that is not JSON", secret, { path: "/token", body: `access_token=${secret}`, times: 9 }],
])("no secret is shown anywhere after %s", async (_, clientSecret, fault) => {
  const { shown, tokens } = await runWith(clientSecret, fault);
  expect(shown).not.toContain("canary-");
  for (const token of tokens) expect(shown).not.toContain(token);
  expect(shown).not.toMatch(/eyJ[\w-]{10,}\./);
  expect(shown).toContain("/oauth2/v2.0/token");
});

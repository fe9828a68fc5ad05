import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClientSecretCredential, EnvironmentCredential } from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { trust } from "./support/trust.ts";
import { verify } from "./support/verify.ts";

const scope = "https://storage.azure.com/.default";
const audience = "https://storage.azure.com";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  return trust(emulator);
});
beforeEach(() => {
  emulator.requests.clear();
  emulator.faults.clear();
});
afterAll(() => emulator.close());

function clientSecretCredential(changes: { clientId?: string; secret?: string; tenantId?: string } = {}) {
  return new ClientSecretCredential(
    changes.tenantId ?? emulator.tenantId,
    changes.clientId ?? emulator.application.clientId,
    changes.secret ?? emulator.application.clientSecret,
    { authorityHost: emulator.authorityHost, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } },
  );
}

it("ClientSecretCredential of @azure/identity gets a token that verifies", async () => {
  const { token } = await clientSecretCredential().getToken(scope);

  expect(await verify(emulator, token, audience)).toMatchObject({
    iss: `https://sts.windows.net/${emulator.tenantId}/`,
    appid: emulator.application.clientId,
    oid: emulator.application.objectId,
    idtyp: "app",
    ver: "1.0",
  });
});

it("ClientSecretCredential of @azure/identity gets a token with cp1 if it enables continuous access evaluation", async () => {
  const credential = clientSecretCredential();

  const plain = await credential.getToken(scope);
  const cae = await credential.getToken(scope, { enableCae: true });

  expect(await verify(emulator, plain.token, audience)).not.toHaveProperty("xms_cc");
  expect(await verify(emulator, cae.token, audience)).toMatchObject({ xms_cc: ["cp1"] });
});

it("ClientSecretCredential of @azure/identity gets another token for the claims of a challenge", async () => {
  const credential = clientSecretCredential();
  const first = await credential.getToken(scope, { enableCae: true });
  const cached = await credential.getToken(scope, { enableCae: true });

  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1603742800" } } });
  const challenged = await credential.getToken(scope, { enableCae: true, claims });

  expect(cached.token).toBe(first.token);
  expect(challenged.token).not.toBe(first.token);
  const [, last] = emulator.requests.to("/token");
  expect(JSON.parse(last?.form.claims ?? "")).toMatchObject({
    access_token: { nbf: { value: "1603742800" }, xms_cc: { values: ["cp1"] } },
  });
});

it("ClientSecretCredential of @azure/identity gets a v2.0 token for an API of the directory", async () => {
  const { clientId } = emulator.application;
  const { token } = await clientSecretCredential().getToken(`api://${clientId}/.default`);

  expect(await verify(emulator, token, clientId)).toMatchObject({
    iss: `${emulator.authorityHost}/${emulator.tenantId}/v2.0`,
    azp: clientId,
    ver: "2.0",
  });
});

it.each([
  ["a wrong secret", { secret: "wrong" }, scope, /invalid_client: Error\(s\): 7000215 .* AADSTS7000215: /],
  ["an unknown application", { clientId: "0a1b" }, scope, /unauthorized_client: Error\(s\): 700016 .* AADSTS700016: /],
  [
    "an unknown resource",
    {},
    "https://unknown.example/.default",
    /invalid_resource: Error\(s\): 500011 .* AADSTS500011: /,
  ],
])("ClientSecretCredential of @azure/identity is refused for %s", async (_, changes, asked, message) => {
  await expect(clientSecretCredential(changes).getToken(asked)).rejects.toThrow(message);
});

it("ClientSecretCredential of @azure/identity reports an unknown tenant", async () => {
  await expect(clientSecretCredential({ tenantId: "contoso.example" }).getToken(scope)).rejects.toThrow();
  expect(emulator.requests.map(({ tenant, status }) => [tenant, status])).toEqual([["contoso.example", 400]]);
});

it("EnvironmentCredential of @azure/identity gets a token in a child process whose environment is only env()", async () => {
  const program = `
      import { EnvironmentCredential } from "@azure/identity";
      const { token } = await new EnvironmentCredential({ disableInstanceDiscovery: true }).getToken("${scope}");
      process.stdout.write(token);
    `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    env: emulator.env(),
  });
  await verify(emulator, stdout, audience);
});

it("EnvironmentCredential of @azure/identity gets a token in this process", async () => {
  for (const [name, value] of Object.entries(emulator.env())) vi.stubEnv(name, value);
  try {
    const { token } = await new EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(scope);
    await verify(emulator, token, audience);
  } finally {
    vi.unstubAllEnvs();
  }
});

it("ConfidentialClientApplication of @azure/msal-node gets a token that verifies", async () => {
  const { authorityHost, tenantId, application } = emulator;
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: application.clientId,
      clientSecret: application.clientSecret,
      authority: `${authorityHost}/${tenantId}`,
      knownAuthorities: [new URL(authorityHost).host],
    },
  });

  const result = await client.acquireTokenByClientCredential({ scopes: [scope] });

  expect(result?.expiresOn).toBeInstanceOf(Date);
  await verify(emulator, result?.accessToken ?? "", audience);
  expect(emulator.requests.map(({ method, path }) => `${method} ${path.replace(tenantId, "T")}`)).toContain(
    "POST /T/oauth2/v2.0/token",
  );
});

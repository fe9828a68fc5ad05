import { Agent } from "node:https";
import { type AccessToken, ClientSecretCredential, type TokenCredential } from "@azure/identity";
import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { requestToken } from "./support/plain-client.ts";
import { trust } from "./support/trust.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
  return trust(emulator);
});
afterEach(() => emulator.close());

function clientSecretCredential(): ClientSecretCredential {
  const { tenantId, application, authorityHost } = emulator;
  return new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, {
    authorityHost,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
}

function secretClient(credential: TokenCredential = clientSecretCredential(), options: SecretClientOptions = {}) {
  return new SecretClient(emulator.vaultUrl, credential, {
    disableChallengeResourceVerification: true,
    retryOptions: { maxRetries: 0 },
    ...options,
  });
}

/** The requests to the vault and the token endpoint, with the status of each response. */
const traffic = () =>
  emulator.requests
    .filter(({ path }) => path.startsWith("/secrets") || path.endsWith("/token"))
    .map(({ method, path, status }) => `${method} ${path.replace(/.*(?=\/token$)/, "")} ${status}`);

const tokenRequests = () => emulator.requests.to("/token");

/** A credential that always returns this token. */
const fixed = (token: string): TokenCredential => ({
  getToken: async (): Promise<AccessToken> => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

const tokenFor = async (from: Emulator, resource: string, claims?: string) =>
  ((await requestToken(from, { scope: `${resource}/.default`, claims })).json as { access_token: string }).access_token;

it("SecretClient sets and gets a secret with one token", async () => {
  const client = secretClient();
  const set = await client.setSecret("greeting", "Hi", { contentType: "text/plain", tags: { team: "orders" } });
  const got = await client.getSecret("greeting");

  expect(got).toEqual(set);
  expect(got).toMatchObject({ value: "Hi", properties: { enabled: true, tags: { team: "orders" } } });
  expect(await client.getSecret("greeting", { version: set.properties.version })).toEqual(set);
  expect(traffic().slice(0, 4)).toEqual([
    "PUT /secrets/greeting 401",
    "POST /token 200",
    "PUT /secrets/greeting 200",
    "GET /secrets/greeting/ 200",
  ]);
});

it("SecretClient lists secrets and versions page by page", async () => {
  const client = secretClient();
  const names = Array.from({ length: 26 }, (_, index) => `secret-${index + 10}`);
  for (const name of names) await client.setSecret(name, "x");
  await client.setSecret("secret-10", "y");

  const listed: string[] = [];
  for await (const { name } of client.listPropertiesOfSecrets()) listed.push(name);
  const versions = new Set<string | undefined>();
  for await (const { version } of client.listPropertiesOfSecretVersions("secret-10")) versions.add(version);

  expect(listed).toEqual(names);
  expect(versions.size).toBe(2);
  expect(emulator.requests.to("/secrets").map(({ status }) => status)).toEqual([200, 200]);
  expect(tokenRequests()).toHaveLength(1);
});

it("SecretClient deletes a secret", async () => {
  const client = secretClient();
  await client.setSecret("greeting", "Hi");
  const deletion = await client.beginDeleteSecret("greeting");

  expect(await deletion.pollUntilDone()).toMatchObject({ name: "greeting" });
  await expect(client.getSecret("greeting")).rejects.toMatchObject({ statusCode: 404, code: "SecretNotFound" });
});

it("SecretClient verifies the challenge resource if the vault has a name below vault.azure.net", async () => {
  const { port } = new URL(emulator.vaultUrl);
  const agent = new Agent({
    ca: emulator.caCertificate,
    lookup: (_, __, found) => found(null, [{ address: "127.0.0.1", family: 4 }]),
  });
  const client = new SecretClient(`https://contoso.vault.azure.net:${port}`, clientSecretCredential(), { agent });

  expect((await client.setSecret("greeting", "Hi")).properties.vaultUrl).toBe(client.vaultUrl);
  await expect(
    secretClient(undefined, { disableChallengeResourceVerification: false }).getSecret("greeting"),
  ).rejects.toThrow("does not match the requested domain");
});

it.each(["revocation", "cae", "cae-after-pop"] as const)(
  "SecretClient answers a challenge with another token in the same call: %s",
  async (cause) => {
    const client = secretClient();
    await client.setSecret("greeting", "Hi");
    emulator.requests.clear();
    if (cause === "revocation") emulator.revokeSession();
    else emulator.faults.add({ path: "/secrets/greeting/", challenge: cause });

    const { value } = await client.getSecret("greeting");
    await client.getSecret("greeting");

    expect(value).toBe("Hi");
    expect(traffic()).toEqual([
      "GET /secrets/greeting/ 401",
      "POST /token 200",
      "GET /secrets/greeting/ 200",
      "GET /secrets/greeting/ 200",
    ]);
    const [request] = tokenRequests();
    expect(JSON.parse(request?.form.claims ?? "")).toMatchObject({
      access_token: {
        nbf: { essential: true, value: expect.stringMatching(/^\d{10}$/) },
        xms_cc: { values: ["cp1"] },
      },
    });
  },
);

it.each([
  ["for another audience", () => tokenFor(emulator, "https://storage.azure.com"), /AKV10022/],
  [
    "that has expired",
    async () => {
      const token = await tokenFor(emulator, "https://vault.azure.net");
      emulator.clock.advance(3_600_000);
      return token;
    },
    /expired/,
  ],
  [
    "that is signed by another key",
    async () => {
      await using other = await startEmulator({ tenants: [{ tenantId: emulator.tenantId }] });
      return await tokenFor(other, "https://vault.azure.net");
    },
    /AKV10046/,
  ],
  [
    "that was revoked, without continuous access evaluation",
    async () => {
      const token = await tokenFor(emulator, "https://vault.azure.net");
      emulator.revokeSession();
      return token;
    },
    /revoked/,
  ],
])("SecretClient is refused with a token %s", async (_, getToken, message) => {
  const client = secretClient(fixed(await getToken()));
  await expect(client.getSecret("greeting")).rejects.toMatchObject({
    statusCode: 401,
    code: "Unauthorized",
    message: expect.stringMatching(message),
  });
});

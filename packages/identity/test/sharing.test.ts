import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  type AccessToken,
  AzurePipelinesCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  DeviceCodeCredential,
  OnBehalfOfCredential,
} from "../src/index.ts";
import { resetSharedTokens } from "../src/shared/links.ts";
import { atEmulator, scope, tokenRequests, withEmulator } from "./emulator.ts";

const publicClient = "22222222-2222-4222-8222-222222222222";
const emulator = withEmulator({ tenants: [{ applications: [{}, { clientId: publicClient, publicClient: true }] }] });

interface Changes {
  readonly tenantId?: string;
  readonly clientSecret?: string;
  readonly options?: object;
}

function secretCredential({ tenantId, clientSecret, options }: Changes = {}): ClientSecretCredential {
  const { application, tenantId: home } = emulator();
  const settings = { ...atEmulator(emulator()), ...options };
  return new ClientSecretCredential(
    tenantId ?? home,
    application.clientId,
    clientSecret ?? application.clientSecret,
    settings,
  );
}
const objectIdOf = ({ token }: AccessToken): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).appid;

describe("credentials with the same class, settings and secret", () => {
  it("share one token, at once and in turn", async () => {
    await Promise.all(Array.from({ length: 20 }, () => secretCredential().getToken(scope)));
    for (let count = 0; count < 10; count += 1) await secretCredential().getToken([scope]);
    expect(tokenRequests(emulator())).toBe(1);
  });

  it("get objects of their own, which they may change", async () => {
    const first = await secretCredential().getToken(scope);
    first.token = "changed";
    const second = await secretCredential().getToken(scope);
    expect(second.token).not.toBe("changed");
    expect(JSON.parse(JSON.stringify(second))).toEqual({ ...second, refreshAfterTimestamp: undefined });
  });

  it("share none with `shareTokens: false`", async () => {
    await secretCredential({ options: { shareTokens: false } }).getToken(scope);
    await secretCredential({ options: { shareTokens: false } }).getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });

  it("share none after resetSharedTokens", async () => {
    await secretCredential().getToken(scope);
    resetSharedTokens();
    await secretCredential().getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });

  it("keep their token until the last of them is closed, and not afterwards", async () => {
    const [first, second] = [secretCredential(), secretCredential()];
    await Promise.all([first.getToken(scope), second.getToken(scope)]);
    await first.close();
    await first.close();
    await second.getToken(scope);
    await secretCredential()
      .getToken(scope)
      .then(() => undefined);
    expect(tokenRequests(emulator())).toBe(1);
    await expect(first.getToken(scope)).rejects.toMatchObject({
      name: "AbortError",
      code: "closed",
      message: expect.stringContaining("This credential was closed"),
    });
  });

  it("end the calls under way when the last of them is closed, with the code of later calls", async () => {
    const only = secretCredential();
    const underWay = only.getToken(scope).catch((error: unknown) => error);
    await only.close();
    expect(await underWay).toMatchObject({ name: "AbortError", code: "closed" });
  });

  it("ask again after all of them were closed", async () => {
    {
      await using only = secretCredential();
      await only.getToken(scope);
    }
    await secretCredential().getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });
});

describe("credentials share nothing", () => {
  const policy = { name: "p", sendRequest: (request: never, next: (request: never) => never) => next(request) };
  it.each<[string, () => Changes]>([
    [
      "with another secret",
      () => {
        emulator().credentials.add({ secret: "another" });
        return { clientSecret: "another" };
      },
    ],
    [
      "with another authority",
      () => ({ options: { authorityHost: emulator().authorityHost.replace("localhost", "127.0.0.1") } }),
    ],
    ["with policies of their own", () => ({ options: { additionalPolicies: [{ policy, position: "perCall" }] } })],
    ["with other allowed tenants", () => ({ options: { additionallyAllowedTenants: ["*"] } })],
  ])("%s", async (_, changed) => {
    await secretCredential().getToken(scope);
    await secretCredential(changed()).getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });

  it("with a wrong secret beside the right one", async () => {
    await secretCredential().getToken(scope);
    await expect(secretCredential({ clientSecret: "wrong" }).getToken(scope)).rejects.toMatchObject({
      name: "AuthenticationRequiredError",
      code: "invalid-client-secret",
    });
  });

  it("with what was signed by the former certificate of the same file", async () => {
    const { tenantId, application } = emulator();
    const known = await emulator().createCertificate();
    emulator().credentials.add({ certificate: known.certificate });
    const folder = mkdtempSync(join(tmpdir(), "azidentity-sharing-"));
    const file = join(folder, "client.pem");
    const tokenNow = () =>
      new ClientCertificateCredential(tenantId, application.clientId, file, atEmulator(emulator())).getToken(scope);
    writeFileSync(file, known.pem);
    await tokenNow();
    await tokenNow();
    expect(tokenRequests(emulator())).toBe(1);
    writeFileSync(file, `${(await emulator().createCertificate()).pem}\n`);
    await expect(tokenNow()).rejects.toMatchObject({ name: "AuthenticationRequiredError" });
    rmSync(folder, { recursive: true });
  });

  it("with another system access token of a pipeline", async () => {
    const { tenantId, application, issuers } = emulator();
    const { requestUri, serviceConnectionId, systemAccessToken } = issuers.azurePipelines;
    vi.stubEnv("SYSTEM_OIDCREQUESTURI", requestUri);
    const signedInWith = (token: string) =>
      new AzurePipelinesCredential(tenantId, application.clientId, serviceConnectionId, token, atEmulator(emulator()));
    await signedInWith(systemAccessToken).getToken(scope);
    await signedInWith(systemAccessToken).getToken(scope);
    expect(tokenRequests(emulator())).toBe(1);
    await expect(signedInWith("another").getToken(scope)).rejects.toThrow("AzurePipelinesCredential");
  });

  it("with their base class, when they are subclasses", async () => {
    class Mine extends ClientSecretCredential {}
    const { tenantId, application } = emulator();
    await secretCredential().getToken(scope);
    const own = new Mine(tenantId, application.clientId, application.clientSecret, atEmulator(emulator()));
    await own.getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });

  it("with assertions of two functions, and on behalf of two users", async () => {
    const { tenantId, application } = emulator();
    const { clientId, clientSecret } = application;
    const options = atEmulator(emulator());
    const calls = [vi.fn(async () => "no token"), vi.fn(async () => "no token")] as const;
    for (const getAssertion of calls)
      await new ClientAssertionCredential(tenantId, clientId, getAssertion, options)
        .getToken(scope)
        .catch(() => undefined);
    for (const getAssertion of calls) expect(getAssertion).toHaveBeenCalled();
    emulator().requests.clear();
    const userAssertionToken = await emulator().issueUserToken();
    const onBehalfOf = () =>
      new OnBehalfOfCredential({ tenantId, clientId, clientSecret, userAssertionToken, ...options });
    await onBehalfOf().getToken(scope);
    await onBehalfOf().getToken(scope);
    expect(tokenRequests(emulator())).toBe(2);
  });

  it("when a person signs in: each shows a code of its own", async () => {
    const shown: string[] = [];
    const abort = new AbortController();
    const signIn = () =>
      new DeviceCodeCredential({
        ...atEmulator(emulator()),
        tenantId: emulator().tenantId,
        clientId: publicClient,
        userPromptCallback: ({ userCode }) => {
          shown.push(userCode);
          if (shown.length === 2) abort.abort();
        },
      }).getToken(scope, { abortSignal: abort.signal });
    const results = await Promise.allSettled([signIn(), signIn()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(new Set(shown).size).toBe(2);
  });
});

it("the variables count as they stood when a credential was made", async () => {
  const { tenantId, application } = emulator();
  vi.stubEnv("AZURE_TENANT_ID", tenantId);
  vi.stubEnv("AZURE_CLIENT_ID", application.clientId);
  vi.stubEnv("AZURE_CLIENT_SECRET", application.clientSecret);
  const first = new DefaultAzureCredential(atEmulator(emulator()));
  vi.stubEnv("AZURE_CLIENT_ID", "11111111-1111-4111-8111-111111111111");
  const second = new DefaultAzureCredential(atEmulator(emulator()));
  vi.stubEnv("AZURE_CLIENT_SECRET", undefined);
  expect(objectIdOf(await first.getToken(scope))).toBe(application.clientId);
  await expect(second.getToken(scope)).rejects.toMatchObject({ name: "AuthenticationError", statusCode: 400 });
});

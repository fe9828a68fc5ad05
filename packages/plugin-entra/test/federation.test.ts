import { definePlugin, defineSource } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { type Emulator, type Fault, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, errorOf, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { stoppedBy } from "./stopped-chain.ts";

let emulator: Emulator;
const identities = createIdentities(entra, () => emulator);
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(async () => {
  emulator.faults.clear();
  emulator.requests.clear();
  await identities.close();
});
afterAll(() => emulator.close());

const ids = () => ({ tenantId: emulator.tenantId, clientId: emulator.application.clientId });
const at = (path: string) => emulator.requests.to(path).map(({ status }) => status);
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

describe("client-assertion", () => {
  it("calls getAssertion for each exchange, with the application and the endpoint", async () => {
    const asked: { readonly tokenEndpoint: string }[] = [];
    const getAssertion = async (request: { readonly tokenEndpoint: string }) => {
      asked.push(request);
      return emulator.issuers.githubActions.issueToken();
    };
    const credential = identities.make().credential("client-assertion", { ...ids(), getAssertion });
    expect(claimsOf((await credential.getToken(scope)).token).appid).toBe(ids().clientId);
    await credential.getToken(scope, { claims });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({
      ...ids(),
      tokenEndpoint: `${emulator.authorityHost}/${emulator.tenantId}/oauth2/v2.0/token`,
      abortSignal: expect.any(AbortSignal),
    });
  });

  const explode = () => {
    throw new Error("client_secret=canary");
  };
  it.each<[string, unknown, string, string]>([
    ["throws", explode, "failed", "assertion-callback-failed"],
    ["rejects", () => Promise.reject("client_secret=canary"), "failed", "assertion-callback-failed"],
    ["returns nothing", () => undefined, "misconfigured", "empty-assertion"],
    ["returns blanks", () => " \n", "misconfigured", "empty-assertion"],
    ["returns no token", () => "canary", "rejected", "unsuitable-assertion"],
  ])("client-assertion stops the chain when the function %s", async (_, getAssertion, outcome, code) => {
    expect(await stoppedBy(identities, "client-assertion", { ...ids(), getAssertion })).toMatchObject({
      outcome,
      code,
    });
  });

  it("client-assertion stops the chain at its deadline when the function hangs, and ends when the caller aborts", async () => {
    const clock = createFakeClock(Date.now());
    const hanging = { ...ids(), getAssertion: () => new Promise(() => {}) };
    const late = stoppedBy(identities, "client-assertion", hanging, { overrides: { clock } });
    await clock.advance(31_000);
    expect(await late).toMatchObject({ outcome: "timeout", code: "timeout" });
    const credential = identities.make({ overrides: { clock } }).credential("client-assertion", hanging);
    const controller = new AbortController();
    const gone = errorOf(credential.getToken(scope, { abortSignal: controller.signal }));
    controller.abort();
    expect(await gone).toMatchObject({ name: "AbortError" });
  });

  it.each([
    ["expired", { lifetimeSeconds: -3_600 }, "assertion-expired"],
    ["for another audience", { audience: "api://another" }, "no-federated-credential"],
    ["of another subject", { subject: "repo:contoso/billing:ref:refs/heads/main" }, "no-federated-credential"],
  ])("client-assertion stops the chain with an assertion that is %s", async (_, changes, code) => {
    const getAssertion = () => emulator.issuers.githubActions.issueToken(changes);
    const error = await stoppedBy(identities, "client-assertion", { ...ids(), getAssertion });
    expect(error).toMatchObject({ outcome: "rejected", code });
  });
});

describe.each([
  ["github-actions", "/idtoken"],
  ["azure-pipelines", "/oidctoken"],
] as const)("%s", (service, path) => {
  const job = (changes: Record<string, string> = {}) => ({
    env: { ...emulator.env(service), ...changes },
    chain: { tenantId: undefined },
  });

  it("signs in by the default chain, with a fresh token of the job for each exchange", async () => {
    const identity = identities.make(job());
    expect(claimsOf((await identity.getToken(scope)).token).appid).toBe(ids().clientId);
    expect(identity.explain.last?.winner).toBe(service);
    await identity.getToken(scope, { claims });
    expect(at(path)).toEqual([200, 200]);
  });

  it("gets tokens for an hour although job tokens live for minutes", async () => {
    const clock = createFakeClock(Date.now());
    const identity = identities.make({ ...job(), overrides: { clock } });
    for (let minute = 0; minute < 60; minute += 12) {
      await identity.getToken(`https://account${minute}.blob.core.windows.net/.default`);
      await clock.advance(720_000);
      emulator.clock.advance(720_000);
    }
    expect(at("/token").every((status) => status === 200)).toBe(true);
    emulator.clock.set(Date.now());
  });

  it("is absent without a job, and without an application", async () => {
    const chain = { tenantId: undefined, chain: undefined };
    const nothing = identities.make({
      env: { AZURE_CLIENT_ID: ids().clientId, AZURE_TENANT_ID: ids().tenantId },
      chain,
    });
    const { attempts } = await nothing.explain(scope);
    expect(attempts.find(({ source }) => source === service)).toMatchObject({
      state: "absent",
      outcome: "not-configured",
    });
    const { AZURE_CLIENT_ID: _, AZURESUBSCRIPTION_CLIENT_ID: __, ...unnamed } = emulator.env(service);
    const walk = await identities.make({ env: unnamed, chain }).explain(scope);
    expect(walk.attempts.find(({ source }) => source === service)).toMatchObject({ state: "absent" });
  });

  const token = (audience: string) => `e30.${Buffer.from(JSON.stringify({ aud: audience })).toString("base64url")}.e30`;
  it.each<[string, Fault, string, string]>([
    ["a page", { body: "<h1>canary</h1>" }, "failed", "captive-portal"],
    ["401 and no text", { status: 401, body: "" }, "rejected", "empty-oidc-response"],
    ["an empty object", { body: {} }, "failed", "invalid-oidc-response"],
    ["a token under another name", { body: { idToken: token("canary") } }, "failed", "invalid-oidc-response"],
    ["no token", { body: { value: "canary", oidcToken: "canary" } }, "failed", "invalid-oidc-response"],
    ["401", { status: 401, body: "canary" }, "rejected", "oidc-token-refused"],
    ["404", { status: 404, body: "canary" }, "rejected", "oidc-token-refused"],
    [
      "a redirect",
      { status: 302, headers: { Location: "https://localhost:1/canary" } },
      "rejected",
      "oidc-token-refused",
    ],
    ["a sign-in page", { status: 203, body: "<h1>canary</h1>" }, "rejected", "oidc-token-refused"],
    [
      "a token for another audience",
      { body: { value: token("https://github.com/contoso"), oidcToken: token("else") } },
      "rejected",
      "wrong-oidc-audience",
    ],
  ])("stops the chain at a response with %s", async (_, fault, outcome, code) => {
    emulator.faults.add({ path, ...fault });
    expect(await stoppedBy(identities, service, {}, job())).toMatchObject({ outcome, code });
    expect(at("/token")).toEqual([]);
  });

  it("sends the job's secret over https only", async () => {
    const plain = {
      SYSTEM_OIDCREQUESTURI: "http://localhost/oidctoken",
      ACTIONS_ID_TOKEN_REQUEST_URL: "http://localhost/idtoken",
    };
    const error = await stoppedBy(identities, service, {}, job(plain));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "invalid-oidc-url" });
  });
});

describe("the error of a service that refuses a job", () => {
  const path = "/oidctoken";
  const ids = {
    "x-vss-e2eid": "6f1c8d1e-5f6b-4a53-8a5e-2f3a6c8f5f11",
    "x-msedge-ref": "Ref A: 6DA5 Ref B: BN3EDGE0709 Ref C: 2026-11-30T00:00:00Z",
  };
  const refusalBy = (fault: object) => {
    emulator.faults.add({ path, ...fault });
    return stoppedBy(identities, "azure-pipelines", {}, { env: emulator.env("azure-pipelines") });
  };

  it.each([401, 403, 404])("azure-pipelines quotes the words of the service and its ids: HTTP %i", async (status) => {
    const body = { $id: "1", message: "TF400813: The user is not authorized.", oidcToken: "c4n4ry" };
    const { message, code } = await refusalBy({ status, headers: ids, body });
    expect(code).toBe("oidc-token-refused");
    expect(message).toContain(`HTTP ${status} without a token`);
    expect(message).toContain('"TF400813: The user is not authorized".');
    for (const [name, id] of Object.entries(ids)) expect(message).toContain(`${name} ${id}`);
    expect(message).not.toContain("c4n4ry");
    expect(message.length).toBeLessThanOrEqual(420);
  });

  it.each([["a list"], [[1]], [{ message: 5 }], [{ message: " " }], [null]])(
    "azure-pipelines says so without words when the body is %j",
    async (body) => {
      const { message } = await refusalBy({
        status: 401,
        headers: { "x-vss-e2eid": "a\tb" },
        body: JSON.stringify(body),
      });
      expect(message).toMatch(
        /^azure-pipelines: the token service answered HTTP 401 without a token \(x-vss-e2eid a.b\)\. /,
      );
    },
  );

  it("azure-pipelines quotes neither its secret nor line breaks", async () => {
    const { SYSTEM_ACCESSTOKEN: secret = "" } = emulator.env("azure-pipelines");
    const body = { message: `no\n\u202e${secret}` };
    const { message } = await refusalBy({ status: 401, headers: { "x-msedge-ref": secret }, body });
    expect(message).not.toContain(secret);
    expect(message.split("\n")[0]).toContain("no ");
    expect(message).not.toContain("\u202e");
  });
});

describe("the error of an incomplete job names what is missing", () => {
  it("the error of an incomplete job names what is missing for github-actions: the permission", async () => {
    const {
      ACTIONS_ID_TOKEN_REQUEST_URL: _,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: __,
      ...env
    } = emulator.env("github-actions");
    const error = await stoppedBy(identities, "github-actions", ids(), { env });
    expect(error).toMatchObject({ outcome: "misconfigured", code: "missing-id-token-permission" });
    expect(error.message).toContain("id-token: write");
    const { attempts } = await identities.make({ env }).explain(scope);
    const passedOver = attempts.find(({ source }) => source === "github-actions");
    expect(passedOver).toMatchObject({ state: "absent", reason: expect.stringContaining("id-token: write") });
  });

  it("the error of an incomplete job names what is missing for azure-pipelines: the access token and the service connection", async () => {
    const { SYSTEM_ACCESSTOKEN: _, ...env } = emulator.env("azure-pipelines");
    expect(await stoppedBy(identities, "azure-pipelines", {}, { env })).toMatchObject({
      outcome: "misconfigured",
      code: "missing-system-access-token",
    });
    const { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: __, ...half } = emulator.env("azure-pipelines");
    expect(await stoppedBy(identities, "azure-pipelines", ids(), { env: half })).toMatchObject({
      outcome: "misconfigured",
      code: "incomplete-options",
    });
  });
});

describe("federated", () => {
  const platforms = () => ({ chain: { plugins: [entra, hosts()] } });
  const other = () => identities.make(platforms());
  let asked: string[] = [];
  /** A platform that gives tokens for any resource, as managed identities do. */
  const hosts = () =>
    definePlugin({
      name: "test-platform",
      sources: [
        defineSource({
          name: "platform",
          kind: "deployed",
          tenantPolicy: "fixed",
          subject: () => "platform",
          create: () => ({
            async getToken(request) {
              asked.push(...request.scopes);
              const token = await emulator.issuers.kubernetes.issueToken();
              return { token, tokenType: "Bearer", expiresOnTimestamp: Date.now() + 3_600_000 };
            },
          }),
        }),
      ],
    });

  it("signs in with the cached token of another source for the audience of the cloud", async () => {
    asked = [];
    const credential = other().credential("federated", { ...ids(), assertion: "platform" });
    expect(claimsOf((await credential.getToken(scope)).token).appid).toBe(ids().clientId);
    await credential.getToken("https://storage.azure.com/.default");
    expect(asked).toEqual(["api://AzureADTokenExchange/.default"]);
  });

  it("authenticates on-behalf-of with one token for all users", async () => {
    asked = [];
    const credential = other().credential("on-behalf-of", { ...ids(), assertion: "platform" });
    for (const username of ["ann@contoso.example", "bob@contoso.example"]) {
      const user = credential.forUser(await emulator.issueUserToken({ username }));
      const claims = claimsOf((await user.getToken(scope)).token);
      expect(claims).toMatchObject({ appid: ids().clientId, appidacr: "2", name: username });
    }
    expect(asked).toEqual(["api://AzureADTokenExchange/.default"]);
  });

  it("federated refuses a circle of sources", async () => {
    const own = { ...ids(), assertion: { source: "federated", options: { ...ids(), assertion: "federated" } } };
    const chain = { plugins: [entra], sources: { federated: own } };
    const error = await stoppedBy(identities, "federated", { assertion: "federated" }, { chain });
    expect(error).toMatchObject({ outcome: "misconfigured", code: "source-cycle" });
  });

  it("federated names the source that does not exist", async () => {
    const error = await stoppedBy(identities, "federated", { ...ids(), assertion: "platfrom" }, platforms());
    expect(error).toMatchObject({ outcome: "misconfigured", code: "unknown-source" });
  });

  it("federated is incomplete without an assertion", async () => {
    const error = await stoppedBy(identities, "federated", ids(), platforms());
    expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-options" });
  });
});

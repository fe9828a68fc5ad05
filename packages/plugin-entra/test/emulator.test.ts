import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { get } from "node:https";
import { json } from "node:stream/consumers";
import { inspect } from "node:util";
import { createIdentity } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, errorOf, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { stoppedBy } from "./stopped-chain.ts";

const unknownId = "11111111-1111-4111-8111-111111111111";
let emulator: Emulator;
const identities = createIdentities(entra, () => emulator);
let opened: ReturnType<typeof createIdentity>[] = [];

beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterEach(async () => {
  await Promise.all(opened.map((identity) => identity.close()));
  await identities.close();
  opened = [];
});
afterAll(() => emulator.close());

/** The credential client-secret with the emulator's application; `changes` spoil it. */
function signIn(changes: object = {}, overrides: Parameters<typeof createIdentity>[1] = {}) {
  const { authorityHost, caCertificateFile: caFile, tenantId, application } = emulator;
  const identity = createIdentity(
    { config: false, plugins: [entra], authorityHost, http: { caFile }, additionallyAllowedTenants: ["*"] },
    { env: {}, ...overrides },
  );
  opened.push(identity);
  const { clientId, clientSecret } = application;
  return identity.credential("client-secret", { tenantId, clientId, clientSecret, ...changes });
}

/** Lets the pauses between tries pass at once. */
function hurriedClock() {
  const clock = createFakeClock(Date.now());
  const pauses: number[] = [];
  const sleep = async (ms: number, signal: AbortSignal) => {
    if (ms < 10_000) pauses.push(ms);
    else await clock.sleep(ms, signal); // the limit of a request, or a deadline
  };
  return { clock: { ...clock, sleep }, pauses };
}

async function isSigned(token: string): Promise<boolean> {
  const [head = "", payload = "", signature = ""] = token.split(".");
  const { kid } = JSON.parse(Buffer.from(head, "base64url").toString());
  const url = `${emulator.authorityHost}/${emulator.tenantId}/discovery/v2.0/keys`;
  const answer = await new Promise<unknown>((resolve, reject) =>
    get(url, { ca: emulator.caCertificate, agent: false }, (response) => resolve(json(response))).on("error", reject),
  );
  const { keys } = answer as { keys: (JsonWebKey & { kid: string })[] };
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid) ?? {}, format: "jwk" });
  return verify("sha256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
}

describe("client-secret", () => {
  it("client-secret gets a token with a valid signature, with one request", async () => {
    const { token, expiresOnTimestamp } = await signIn().getToken(scope);
    expect(emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /${emulator.tenantId}/oauth2/v2.0/token`,
    ]);
    const { aud, tid, appid, exp, xms_cc } = claimsOf(token);
    expect([aud, tid, appid]).toEqual(["https://vault.azure.net", emulator.tenantId, emulator.application.clientId]);
    expect(Math.abs(exp * 1000 - expiresOnTimestamp)).toBeLessThan(60_000);
    expect(xms_cc).toBeUndefined();
    expect(await isSigned(token)).toBe(true);
  });

  it("client-secret keeps CAE tokens and plain tokens of concurrent requests apart", async () => {
    const credential = signIn();
    const asked = Array.from({ length: 10 }, (_, index) => index % 2 === 0);
    const tokens = await Promise.all(asked.map((enableCae) => credential.getToken(scope, { enableCae })));
    expect(tokens.map(({ token }) => claimsOf(token).xms_cc)).toEqual(asked.map((cae) => (cae ? ["cp1"] : undefined)));
    expect(emulator.requests).toHaveLength(2);
  });

  it("client-secret sends the claims of a challenge", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const { token } = await signIn().getToken(scope, { claims, enableCae: true });
    expect(claimsOf(token).xms_cc).toEqual(["cp1"]);
    expect(JSON.parse(emulator.requests[0]?.form.claims ?? "")).toMatchObject({
      access_token: { nbf: { essential: true, value: "1" }, xms_cc: { values: ["cp1"] } },
    });
  });

  it("client-secret refuses a wrong secret without showing it anywhere", async () => {
    const error = await errorOf(signIn({ clientSecret: "canary-7f3a" }).getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code: "invalid-client-secret", statusCode: 401 });
    const printed = inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error);
    expect(printed).not.toContain("canary-7f3a");
    expect(emulator.requests).toHaveLength(1);
  });

  it.each([
    [{ clientId: unknownId }, scope, "rejected", "unknown-application"],
    [{ tenantId: "unknown.example" }, scope, "misconfigured", "unknown-tenant"],
    [{}, "https://nowhere.example/.default", "misconfigured", "unknown-resource"],
    [{}, "https://vault.azure.net/user_impersonation", "misconfigured", "invalid-scope"],
    [{ tenantId: "common" }, scope, "misconfigured", "shared-tenant"],
  ])("client-secret rejects %j for %s with a code", async (changes, asked, outcome, code) => {
    const error = await errorOf(signIn(changes).getToken(asked));
    expect(error).toMatchObject({ outcome, code });
  });

  it("retries after the pause that Entra asks for", async () => {
    const { clock, pauses } = hurriedClock();
    emulator.faults.add({ path: "token", status: 429, headers: { "Retry-After": "7" } });
    await signIn({}, { clock, random: () => 0 }).getToken(scope);
    expect(pauses).toEqual([7000]);
    expect(emulator.requests.map(({ status }) => status)).toEqual([429, 200]);
  });

  it.each([
    [{ status: 500, body: "<h1>Oops</h1>" }, "failed", "entra-unavailable"],
    [{ connection: "reset" }, "unreachable", "unreachable"],
    [{ connection: "truncate" }, "unreachable", "unreachable"],
  ] as const)("client-secret gives up on %j after four requests", async (fault, outcome, code) => {
    const { clock, pauses } = hurriedClock();
    emulator.faults.add({ path: "token", times: Number.POSITIVE_INFINITY, ...fault });
    const error = await errorOf(signIn({}, { clock, random: () => 0 }).getToken(scope));
    expect(error).toMatchObject({ outcome, code });
    expect(pauses).toEqual([500, 1000, 1500]);
    expect(emulator.requests).toHaveLength(4);
  });

  it.each([
    [{ status: 302, headers: { Location: "https://localhost:1/" } }, "unexpected-answer"],
    [{ body: "<h1>Sign in to the hotel</h1>" }, "captive-portal"],
    [{ rewrite: { access_token: undefined } }, "invalid-token-response"],
    [{ rewrite: { access_token: "opaque", expires_in: undefined } }, "invalid-token-response"],
    [{ rewrite: { token_type: "pop" } }, "invalid-token-response"],
    [{ rewrite: { expires_in: -1 } }, "invalid-token-response"],
    [{ rewrite: { expires_in: "an hour" } }, "invalid-token-response"],
    [{ rewrite: { expires_in: 1e300 } }, "invalid-token-response"],
  ])("client-secret takes no token from the response %j, and does not retry", async (fault, code) => {
    emulator.faults.add({ path: "token", ...fault });
    expect(await errorOf(signIn().getToken(scope))).toMatchObject({ outcome: "failed", code });
    expect(emulator.requests).toHaveLength(1);
  });

  it("aborts the request when its only caller aborts", async () => {
    emulator.faults.add({ path: "token", connection: "hang" });
    const controller = new AbortController();
    const arrival = emulator.requests.next("/token");
    const token = errorOf(signIn().getToken(scope, { abortSignal: controller.signal }));
    await arrival;
    controller.abort();
    expect(await token).toMatchObject({ name: "AbortError", outcome: "cancelled" });
  });
});

describe("environment", () => {
  it("signs in the application that the variables name", async () => {
    const identity = createIdentity(
      { config: false, plugins: [entra], http: { caFile: emulator.caCertificateFile } },
      { env: emulator.env() },
    );
    opened.push(identity);
    const { token } = await identity.getToken(scope);
    expect(claimsOf(token).appid).toBe(emulator.application.clientId);
    expect(identity.explain.last?.winner).toBe("environment");
    expect(emulator.requests).toHaveLength(1);
  });

  it.each<[string, object, string, string]>([
    ["a wrong secret", { AZURE_CLIENT_SECRET: "canary" }, "rejected", "invalid-client-secret"],
    ["a secret without a client id", { AZURE_CLIENT_ID: undefined }, "misconfigured", "incomplete-environment"],
    ["an unknown application", { AZURE_CLIENT_ID: unknownId }, "rejected", "unknown-application"],
    ["an unknown tenant", { AZURE_TENANT_ID: "unknown.example" }, "misconfigured", "unknown-tenant"],
    ["a tenant that is AD FS", { AZURE_TENANT_ID: "adfs" }, "misconfigured", "adfs-unsupported"],
    [
      "a certificate that is not there",
      { AZURE_CLIENT_SECRET: undefined, AZURE_CLIENT_CERTIFICATE_PATH: "/no/such/app.pem" },
      "misconfigured",
      "unreadable-certificate",
    ],
  ])("environment stops the chain %s", async (_, changes, outcome, code) => {
    const env = { ...emulator.env(), ...changes };
    const error = await stoppedBy(identities, "environment", {}, { env, chain: { tenantId: undefined } });
    expect(error).toMatchObject({ outcome, code });
  });
});

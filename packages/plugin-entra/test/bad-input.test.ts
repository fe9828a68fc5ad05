/** What callers, environments and networks get wrong, through the source `client-secret`. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createIdentity } from "@azidentity/core";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { createIdentities, errorOf, scope, tokenAnswer } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import "./lazy-modules.ts";

const application = { tenantId: "contoso.com", clientId: "app", clientSecret: "canary-secret" };
const other = "https://storage.azure.com/.default";

function signIn(options: object, { replies = [tokenAnswer()], env = {}, settings = {} }: Situation = {}) {
  const http = createFakeHttp(...replies);
  const identity = createIdentity({ config: false, plugins: [entra], ...settings }, { env, http, random: () => 0 });
  return { http, credential: identity.credential("client-secret", { ...application, ...options } as never) };
}
interface Situation {
  readonly replies?: readonly FakeReply[];
  readonly env?: Record<string, string>;
  readonly settings?: object;
}

it.each(["a/b", "a?b", "a#b", "..", "../evil", "a%2fb", "a\\b", "a b", "-x", "$(id)", "é", ""])(
  "a tenant %j of options or of a request is refused before anything is sent",
  async (tenantId) => {
    const own = signIn({ tenantId });
    expect(await errorOf(own.credential.getToken(scope))).toMatchObject({ outcome: "misconfigured" });
    const asked = signIn({}, { settings: { additionallyAllowedTenants: ["*"] } });
    expect(await errorOf(asked.credential.getToken(scope, { tenantId }))).toMatchObject({ code: "invalid-tenant" });
    expect([...own.http.requests, ...asked.http.requests]).toEqual([]);
  },
);

it.each([
  ["http://login.example", "invalid-authority"],
  ["https://login.example/common", "invalid-authority"],
  ["https://user:canary@login.example", "invalid-authority"],
  ["https://contoso.b2clogin.com", "unsupported-authority"],
])("an authority %s is refused before anything is sent", async (authorityHost, code) => {
  const { http, credential } = signIn({}, { settings: { authorityHost } });
  const error = await errorOf(credential.getToken(scope));
  expect(error).toMatchObject({ code });
  expect(inspect(error)).not.toContain("canary");
  expect(http.requests).toEqual([]);
});

it.each(["https://login.example:8443", "https://[2001:db8::1]", "https://192.0.2.1:8443"])(
  "an authority %s gets the secret at that address and port",
  async (authorityHost) => {
    const { http, credential } = signIn({}, { settings: { authorityHost, disableInstanceDiscovery: true } });
    await credential.getToken(scope);
    expect(http.requests.map(({ url }) => url)).toEqual([`${authorityHost}/contoso.com/oauth2/v2.0/token`]);
  },
);

it("two resources in one request are refused before anything is sent", async () => {
  const { http, credential } = signIn({});
  expect(await errorOf(credential.getToken([scope, other]))).toMatchObject({ code: "invalid-scope" });
  expect(http.requests).toEqual([]);
});

it("a secret whose variable vanishes between two tokens is not sent again", async () => {
  const env: Record<string, string> = { APP_SECRET: "canary-secret" };
  const { http, credential } = signIn({ clientSecret: { env: "APP_SECRET" } }, { env });
  await credential.getToken(scope);
  delete env.APP_SECRET;
  expect(await errorOf(credential.getToken(other))).toMatchObject({ code: "missing-reference" });
  expect((await credential.getToken(scope)).token).toBe("opaque"); // it is still valid
  env.APP_SECRET = "next-secret";
  await credential.getToken(other);
  expect(http.requests.map(({ body }) => new URLSearchParams(body).get("client_secret"))).toEqual([
    "canary-secret",
    "next-secret",
  ]);
});

it("a secret whose file vanishes between two tokens is not sent again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-secret-"));
  try {
    const file = join(folder, "secret");
    writeFileSync(file, "canary-secret\n");
    const { http, credential } = signIn({ clientSecret: { file } });
    await credential.getToken(scope);
    rmSync(file);
    expect(await errorOf(credential.getToken(other))).toMatchObject({ code: "missing-reference" });
    expect(http.requests).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("an error_uri of another host is not shown", async () => {
  const body = JSON.stringify({
    error: "invalid_request",
    error_description: "AADSTS900144: No.",
    error_uri: "https://evil.example/?canary-secret",
  });
  const error = await errorOf(signIn({}, { replies: [{ status: 400, body }] }).credential.getToken(scope));
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/evil|canary/);
});

it("a response of 2 MB is refused, and its connection is given up", async () => {
  const emulator: Emulator = await startEmulator();
  const identities = createIdentities(entra, () => emulator);
  try {
    emulator.faults.add({ path: "token", body: "x".repeat(2_000_000) });
    const { clientId, clientSecret } = emulator.application;
    const credential = identities.make().credential("client-secret", { clientId, clientSecret });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "failed", code: "answer-too-large" });
    expect((await credential.getToken(scope)).tokenType).toBe("Bearer");
  } finally {
    await identities.close();
    await emulator.close();
  }
});

it("a host that never answers is named when the deadline ends the third try", async () => {
  const clock = createFakeClock();
  const http = { send: () => new Promise<never>(() => {}) };
  const settings = { config: false, plugins: [entra], authorityHost: "https://login.microsoftonline.us" } as const;
  await using identity = createIdentity(settings, { env: {}, http, clock, random: () => 0 });
  await identity.ready();
  const failed = errorOf(identity.credential("client-secret", application).getToken(scope));
  await clock.advance(30_000);
  expect(await failed).toMatchObject({
    code: "timeout",
    message: expect.stringContaining("client-secret: login.microsoftonline.us did not answer within 10 s."),
  });
});

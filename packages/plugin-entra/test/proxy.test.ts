import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, type Identity, type IdentityConfig } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { errorOf, scope } from "@azidentity/test-support";
import { afterAll, beforeAll, expect, it } from "vitest";
import entra from "../src/index.ts";
import { hurried } from "./hurried.ts";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), "azidentity-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emulator.close();
});

const open = (env: Record<string, string>, http: IdentityConfig["http"] = {}) =>
  createIdentity(
    { config: false, plugins: [entra], http },
    { env, clock: { ...createFakeClock(Date.now()), sleep: hurried } },
  );

/** Signs in at the real name of Entra, which only the proxy leads to the emulator. */
function tokenOf(identity: Identity) {
  const { tenantId, application } = emulator;
  const { clientId, clientSecret } = application;
  return identity.credential("client-secret", { tenantId, clientId, clientSecret }).getToken(scope);
}

async function signIn(env: Record<string, string>, caFile: string | undefined) {
  await using identity = open(env, caFile === undefined ? {} : { caFile });
  return await tokenOf(identity);
}

it("client-secret signs in through a proxy", async () => {
  const proxy = await emulator.startProxy();
  await signIn(proxy.env(), emulator.caCertificateFile);
  expect(proxy.requests).toMatchObject([{ method: "CONNECT", target: "login.microsoftonline.com:443", status: 200 }]);
});

it("client-secret signs in through an authenticating proxy, and shows no password when it is refused", async () => {
  const proxy = await emulator.startProxy({ credentials: { username: "ann", password: "canary" } });
  await signIn(proxy.env(), emulator.caCertificateFile);
  const env = { HTTPS_PROXY: proxy.url.replace("//", "//ann:canary-wrong@") };
  const error = await errorOf(signIn(env, emulator.caCertificateFile));
  expect(error).toMatchObject({ outcome: "misconfigured", code: "proxy-authentication" });
  expect(proxy.requests.filter(({ status }) => status === 407)).toHaveLength(1);
  expect(error.message).not.toContain("canary");
});

it("client-secret signs in through an inspecting proxy only if its certificate authority is trusted", async () => {
  const proxy = await emulator.startProxy({ inspectTls: true });
  const caFile = join(folder, "corporate.pem");
  writeFileSync(caFile, proxy.caCertificate ?? "");
  await signIn(proxy.env(), caFile);
  expect(await errorOf(signIn(proxy.env(), undefined))).toMatchObject({
    outcome: "misconfigured",
    code: "untrusted-certificate",
  });
});

it("the proxy of the config takes precedence over the variables, with its user name and password", async () => {
  const other = await emulator.startProxy();
  const proxy = await emulator.startProxy({ credentials: { username: "ann", password: "can@ry" } });
  const caFile = emulator.caCertificateFile;
  const env = { ...other.env(), PROXY: proxy.url.replace("//", "//ann:can%40ry@") };
  await using identity = open(env, { caFile, proxy: { env: "PROXY" }, userAgent: "orders/1.2" });
  emulator.requests.clear();
  await tokenOf(identity);
  expect(proxy.requests).toMatchObject([{ method: "CONNECT", target: "login.microsoftonline.com:443", status: 200 }]);
  expect(other.requests).toEqual([]);
  expect(emulator.requests.at(-1)?.headers["user-agent"]).toBe("orders/1.2 azidentity");
});

it("each identity that comes from another goes through the proxy of its own settings", async () => {
  const proxies = [await emulator.startProxy(), await emulator.startProxy()] as const;
  await using identity = open({}, { caFile: emulator.caCertificateFile, proxy: proxies[0].url });
  const other = identity.with({ http: { proxy: proxies[1].url } });
  await tokenOf(other);
  expect(proxies.map(({ requests }) => requests.length)).toEqual([0, 1]);
  await tokenOf(identity);
  await tokenOf(other.with({}));
  await tokenOf(identity.with({}, { env: { HTTPS_PROXY: proxies[1].url } }));
  expect(proxies.map(({ requests }) => requests.length)).toEqual([1, 1]);
  const wrong = identity.with({ http: { proxy: "http://ann:c4n4ry@127.0.0.1:1" } });
  const error = await errorOf(tokenOf(wrong));
  expect(error).toMatchObject({ outcome: "unreachable", code: "proxy-unreachable" });
  expect(error.message).toContain("which `http.proxy` names");
  expect(error.message).not.toContain("c4n4ry");
});

it("`http.proxy: false` goes past the proxy of the variables", async () => {
  const proxy = await emulator.startProxy();
  const { caCertificateFile: caFile, authorityHost } = emulator;
  await using identity = open(proxy.env(), { caFile });
  await tokenOf(identity.with({ authorityHost, http: { proxy: false } }));
  expect(proxy.requests).toEqual([]);
});

it("`http.retry.maxRetries: 0` sends a request once, where Entra is sent four by default", async () => {
  const proxy = await emulator.startProxy();
  await using identity = open(proxy.env(), { caFile: emulator.caCertificateFile });
  const requestsOf = async (one: Identity) => {
    emulator.requests.clear();
    expect(await errorOf(tokenOf(one))).toMatchObject({ statusCode: 503 });
    return emulator.requests.length;
  };
  emulator.faults.add({ path: "token", status: 503, times: Number.POSITIVE_INFINITY });
  expect(await requestsOf(identity)).toBe(4);
  expect(await requestsOf(identity.with({ http: { retry: { maxRetries: 0 } } }))).toBe(1);
  emulator.faults.clear();
});

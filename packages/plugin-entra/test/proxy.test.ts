import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
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

/** Signs in at the real name of Entra, which only the proxy leads to the emulator. */
async function signIn(env: Record<string, string>, caFile: string | undefined) {
  const { tenantId, application } = emulator;
  await using identity = createIdentity(
    { config: false, plugins: [entra], ...(caFile === undefined ? {} : { http: { caFile } }) },
    { env, clock: { ...createFakeClock(Date.now()), sleep: hurried } },
  );
  const { clientId, clientSecret } = application;
  return await identity.credential("client-secret", { tenantId, clientId, clientSecret }).getToken(scope);
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

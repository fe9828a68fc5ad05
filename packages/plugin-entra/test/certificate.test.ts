import { execFileSync } from "node:child_process";
import { constants, createPrivateKey, sign } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createFakeClock } from "@azidentity/core/testing";
import { type ClientCertificate, type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, errorOf, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { blocks, fixture, fixturePath, fixtureText, password } from "./certificate-fixtures.ts";
import { stoppedBy } from "./stopped-chain.ts";
import { pfxOfKeys } from "./write-der.ts";

let emulator: Emulator;
let renewed: ClientCertificate;
let folder: string;
let path: string;
const identities = createIdentities(entra, () => emulator);
const leaf = blocks(fixtureText("chain.pem"), "CERTIFICATE")[0] ?? "";

beforeAll(async () => {
  emulator = await startEmulator();
  renewed = await emulator.createCertificate();
  folder = mkdtempSync(join(tmpdir(), "azidentity-"));
  path = join(folder, "app.pem");
});
beforeEach(() => {
  emulator.credentials.add({ certificate: leaf });
  writeFileSync(path, fixture("pkcs8.pem"));
});
afterEach(async () => {
  emulator.credentials.remove({ certificate: leaf });
  emulator.faults.clear();
  emulator.requests.clear();
  await identities.close();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emulator.close();
});

function signIn(options: object, settings: Parameters<typeof identities.make>[0] = {}) {
  return identities.make(settings).credential("client-certificate", { ...ids(), ...options });
}
const ids = () => ({ clientId: emulator.application.clientId });
const posts = () => emulator.requests.to("/token").map(({ status }) => status);

describe("client-certificate", () => {
  it.each([
    "pkcs8.pem",
    "pkcs1.pem",
    "pkcs8-encrypted.pem",
    "pkcs1-encrypted.pem",
    "chain.pem",
    "modern.pfx",
    "windows.pfx",
  ])("signs in with %s as path or content, with one request", async (name) => {
    const certificatePassword = password;
    const content = name.endsWith(".pfx") ? fixture(name) : fixtureText(name);
    for (const one of [{ certificatePath: fixturePath(name) }, { certificate: content }]) {
      const { token } = await signIn({ ...one, certificatePassword }).getToken(scope);
      expect(claimsOf(token).appid).toBe(emulator.application.clientId);
    }
    expect(posts()).toEqual([200, 200]);
  });

  it("signs in by subject name and issuer when it sends its chain", async () => {
    const [, , root = ""] = blocks(fixtureText("chain.pem"), "CERTIFICATE");
    emulator.credentials.remove({ certificate: leaf });
    const trustedSubject = { subjectName: "orders.contoso.com", authority: root };
    emulator.credentials.add({ trustedSubject });
    try {
      const certificatePath = fixturePath("chain.pem");
      expect(await errorOf(signIn({ certificatePath }).getToken(scope))).toMatchObject({ outcome: "rejected" });
      const { token } = await signIn({ certificatePath, sendCertificateChain: true }).getToken(scope);
      expect(claimsOf(token).appid).toBe(emulator.application.clientId);
    } finally {
      emulator.credentials.remove({ trustedSubject });
      emulator.credentials.add({ certificate: leaf });
    }
  });

  it("signs in with an external signer", async () => {
    const key = createPrivateKey(blocks(fixtureText("chain.pem"), "PRIVATE KEY")[0] ?? "");
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signers = [
      {
        certificateChain: leaf,
        sign: async (data: Uint8Array) => sign("sha256", data, { key, padding, saltLength: 32 }),
      },
      { algorithm: "RS256", certificateChain: leaf, sign: (data: Uint8Array) => sign("sha256", data, key) },
    ];
    for (const signer of signers) {
      const { token } = await signIn({ signer }).getToken(scope);
      expect(claimsOf(token).appid).toBe(emulator.application.clientId);
    }
  });

  it("reuses an assertion for its lifetime, and signs a new one afterwards", async () => {
    const clock = createFakeClock(Date.now());
    const key = createPrivateKey(blocks(fixtureText("chain.pem"), "PRIVATE KEY")[0] ?? "");
    let signed = 0;
    const signer = {
      algorithm: "RS256",
      certificateChain: leaf,
      sign(data: Uint8Array) {
        signed++;
        return sign("sha256", data, key);
      },
    };
    const credential = signIn({ signer }, { overrides: { clock } });
    const hosts = ["storage", "management", "vault"];
    await Promise.all(hosts.map((host) => credential.getToken(`https://${host}.azure.net/.default`).catch(() => {})));
    expect(signed).toBe(1);
    await clock.advance(541_000);
    emulator.clock.advance(541_000);
    await credential.getToken("https://graph.microsoft.com/.default");
    expect(signed).toBe(2);
    emulator.clock.advance(-541_000);
  });

  it("signs in with the environment variables of an encrypted file", async () => {
    const env = {
      AZURE_CLIENT_ID: emulator.application.clientId,
      AZURE_CLIENT_CERTIFICATE_PATH: fixturePath("modern.pfx"),
      AZURE_CLIENT_CERTIFICATE_PASSWORD: password,
      AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "True",
    };
    const identity = identities.make({ env });
    expect(claimsOf((await identity.getToken(scope)).token).appid).toBe(emulator.application.clientId);
    expect(identity.explain.last?.winner).toBe("environment");
  });
});

describe("a certificate file that changes while it is in use", () => {
  /** Asks for a token that no cache has. */
  const ask = (credential: ReturnType<typeof signIn>) =>
    credential.getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' });

  it("a certificate file that changes while it is in use is used in its new version by the next request", async () => {
    const credential = signIn({ certificatePath: path });
    await ask(credential);
    emulator.credentials.add({ certificate: renewed.certificate });
    emulator.credentials.remove({ certificate: leaf });
    writeFileSync(path, renewed.pem);
    await ask(credential);
    expect(posts()).toEqual([200, 200]);
    emulator.credentials.remove({ certificate: renewed.certificate });
    emulator.credentials.add({ certificate: leaf });
  });

  it("a certificate file that changes while it is in use is used in its new version when a link is swapped, as in Kubernetes", async () => {
    const link = join(folder, "link.pem");
    symlinkSync(fixturePath("other.pem"), link);
    const credential = signIn({ certificatePath: link });
    expect(await errorOf(ask(credential))).toMatchObject({ code: "invalid-client-certificate" });
    rmSync(link);
    symlinkSync(path, link);
    await ask(credential);
    rmSync(link);
  });

  it.each([
    ["is broken", "half a certif"],
    ["is empty", ""],
    ["has no key", leaf],
  ])(
    "a certificate file that changes while it is in use keeps the old certificate in use when the new one %s",
    async (_, text) => {
      const credential = signIn({ certificatePath: path });
      await ask(credential);
      writeFileSync(path, text);
      await ask(credential);
      rmSync(path);
      await ask(credential);
      expect(posts()).toEqual([200, 200, 200]);
    },
  );

  it("a certificate file that changes while it is in use keeps the old certificate in use until Entra accepts the new one", async () => {
    const credential = signIn({ certificatePath: path });
    await ask(credential);
    writeFileSync(path, renewed.pem);
    await ask(credential);
    expect(posts()).toEqual([200, 401, 200]);
    emulator.credentials.add({ certificate: renewed.certificate });
    await ask(credential);
    expect(posts()).toEqual([200, 401, 200, 200]);
    emulator.credentials.remove({ certificate: renewed.certificate });
  });

  it("a certificate file that changes while it is in use is used again after an unusable version", async () => {
    copyFileSync(fixturePath("ec.pem"), path);
    const credential = signIn({ certificatePath: path });
    expect(await errorOf(ask(credential))).toMatchObject({ code: "unsupported-private-key" });
    copyFileSync(fixturePath("pkcs8.pem"), path);
    await ask(credential);
  });

  it("a certificate file that changes while it is in use is used for a new assertion when Entra finds the old one expired", async () => {
    emulator.faults.add({ path: "token", error: 700024 });
    await ask(signIn({ certificatePath: path }));
    expect(posts()).toHaveLength(2);
  });
});

describe("an invalid certificate stops the chain without a request:", () => {
  const missing = { certificatePath: "/no/such/app.pem" };
  const [key = ""] = blocks(fixtureText("chain.pem"), "PRIVATE KEY");
  const [otherKey = ""] = blocks(fixtureText("other.pem"), "PRIVATE KEY");
  const tooLarge = () => {
    const certificatePath = join(folder, "large.pem");
    writeFileSync(certificatePath, "");
    truncateSync(certificatePath, 10_000_000);
    return { certificatePath };
  };
  it.each<[string, object | (() => object), string]>([
    ["a path to nothing", missing, "unreadable-certificate"],
    ["a directory", { certificatePath: fixturePath(".") }, "unreadable-certificate"],
    ["a file of ten megabytes", tooLarge, "unreadable-certificate"],
    ["bytes that are too many", { certificate: Buffer.alloc(1_100_000, 0x30) }, "unreadable-certificate"],
    ["words", { certificate: "canary" }, "invalid-certificate"],
    [
      "a wrong password",
      { certificatePath: fixturePath("modern.pfx"), certificatePassword: "canary" },
      "wrong-certificate-password",
    ],
    [
      "ciphers that OpenSSL refuses",
      { certificatePath: fixturePath("openssl-1.1.pfx"), certificatePassword: password },
      "unsupported-certificate-cipher",
    ],
    ["a key without certificate", { certificate: key }, "missing-certificate"],
    ["a certificate without key", { certificate: leaf }, "missing-private-key"],
    ["a certificate with another's key", { certificate: leaf + otherKey }, "mismatched-private-key"],
    ["a key of another kind", { certificatePath: fixturePath("ec.pem") }, "unsupported-private-key"],
    ["a text with several keys", { certificate: leaf + key + otherKey }, "several-private-keys"],
    ["a PKCS#12 file with several keys", { certificate: pfxOfKeys(key, otherKey) }, "several-private-keys"],
    ["a path and content", { ...missing, certificate: leaf }, "conflicting-options"],
    ["nothing", {}, "incomplete-options"],
    ["a signer that is none", { signer: { sign: () => "canary" } }, "incomplete-options"],
    ["a signer without certificate", { signer: { certificateChain: "-", sign: () => "" } }, "missing-certificate"],
    [
      "a signer that throws",
      { signer: { certificateChain: leaf, sign: () => Promise.reject(new Error("busy")) } },
      "signer-failed",
    ],
    ["a signer that lies", { signer: { certificateChain: leaf, sign: () => Buffer.alloc(256) } }, "signer-failed"],
  ])("%s", async (_, given, code) => {
    const options = { ...ids(), ...(typeof given === "function" ? given() : given) };
    expect(await stoppedBy(identities, "client-certificate", options)).toMatchObject({
      outcome: "misconfigured",
      code,
    });
    expect(posts()).toEqual([]);
  });

  it.each([
    ["as it is", leaf + key],
    ["in one line", (leaf + key).replaceAll("\n", "\\n")],
    ["without its first line", key.slice(key.indexOf("\n"))],
    ["as PKCS#12 in base64", Buffer.from(pfxOfKeys(key)).toString("base64")],
  ])("a certificate in the place of its path is not shown: %s", async (_, certificatePath) => {
    const error = await stoppedBy(identities, "client-certificate", { ...ids(), certificatePath });
    expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-options" });
    expect(error.message).toContain("`certificatePath` must be a path, `certificate` text or bytes");
    const shown = inspect(error, { depth: 9, showHidden: true }).replace(/\s/g, "");
    expect(shown.includes(certificatePath.replace(/\s/g, "").slice(-300, -200))).toBe(false);
  });

  it.each([
    ["an expired certificate", 2300, "expired-certificate"],
    ["a certificate of tomorrow", 2000, "certificate-not-yet-valid"],
  ])("%s", async (_, year, code) => {
    const overrides = { clock: createFakeClock(Date.UTC(year, 0, 1)) };
    const options = { ...ids(), certificatePath: path };
    expect(await stoppedBy(identities, "client-certificate", options, { overrides })).toMatchObject({
      outcome: "misconfigured",
      code,
    });
    expect(posts()).toEqual([]);
  });

  it("a certificate that has expired on Entra's clock, and not yet on this machine's, which is slow", async () => {
    const now = Date.now();
    const { certificate, pem } = await emulator.createCertificate({ notAfter: new Date(now - 30_000) });
    emulator.credentials.add({ certificate });
    const overrides = { clock: createFakeClock(now - 60_000) };
    const options = { ...ids(), certificate: pem };
    expect(await stoppedBy(identities, "client-certificate", options, { overrides })).toMatchObject({
      outcome: "rejected",
      code: "invalid-client-certificate",
      remedy: "Renew the certificate, and register the new one with the application.",
    });
    emulator.credentials.remove({ certificate });
  });

  it("a certificate that is not valid yet on Entra's clock, because this machine's is ahead", async () => {
    const overrides = { clock: createFakeClock(Date.now() + 7_200_000) };
    expect(
      await stoppedBy(identities, "client-certificate", { ...ids(), certificatePath: path }, { overrides }),
    ).toMatchObject({
      outcome: "rejected",
      code: "assertion-expired",
      remedy: expect.stringContaining("check this machine's clock"),
    });
  });

  it("a certificate that Entra does not know, after it was read and sent a second time", async () => {
    const options = { ...ids(), certificatePath: fixturePath("other.pem") };
    expect(await stoppedBy(identities, "client-certificate", options)).toMatchObject({
      outcome: "rejected",
      code: "invalid-client-certificate",
    });
    expect(posts()).toEqual([401, 401]);
  });
});

it("the plugin loads certificate code only for certificates, and PKCS#12 code only for PKCS#12", () => {
  const entryPoint = new URL("../src/index.ts", import.meta.url).href;
  const probe = `
    const { registerHooks } = process.getBuiltinModule("node:module");
    const files = [];
    registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
    const { entra } = await import(process.argv[1]);
    const source = entra.sources.find(({ name }) => name === "client-certificate");
    const marks = [files.length];
    const stop = { send: () => Promise.reject(new Error("enough")) };
    const context = { env: {}, http: stop, defaults: {}, clock: Date, log: { debug() {} }, cloud: {}, retry: (_, attempt) => attempt(1), service: async () => {} };
    const ask = async (certificatePath, certificatePassword) => {
      const credential = await source.create({ tenantId: "t", clientId: "c", certificatePath, certificatePassword }, context);
      await credential.getToken({ scopes: ["https://x/.default"], signal: new AbortController().signal }).catch(() => {});
      marks.push(files.length);
    };
    await ask(process.argv[2]);
    await ask(process.argv[3], process.argv[4]);
    console.log(JSON.stringify(marks.map((end, n) => files.slice(marks[n - 1] ?? 0, end))));
  `;
  const args = [entryPoint, fixturePath("pkcs8.pem"), fixturePath("modern.pfx"), password];
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", probe, ...args], {
    encoding: "utf8",
  });
  const [imported, pem, pfx] = (JSON.parse(output) as string[][]).map((files) => files.join());
  expect(imported).not.toMatch(/\/certificate\/|msal/);
  expect(pem).toMatch(/\/certificate\/pem/);
  expect(pem).not.toMatch(/pkcs12(?!-reader)|\/der/);
  expect(pfx).toMatch(/\/dist\/pkcs12\.js/);
});

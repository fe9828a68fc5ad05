import { readFile, readlink, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { claimsIn, type PlainRequest, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "workload-identity": { tokenProxy: true } } });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const form = async (token?: string) => ({
  grant_type: "client_credentials",
  client_id: emulator.application.clientId,
  scope: "https://vault.azure.net/.default",
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  client_assertion: token ?? (await readFile(emulator.host("workload-identity").tokenFile, "utf8")),
});

/**
 * Sends a token request to the token proxy, with the server name and authority of the pod's
 * variables.
 */
async function ask(options: PlainRequest = {}, path = `/${emulator.tenantId}/oauth2/v2.0/token`) {
  const env = emulator.env("workload-identity");
  return send(emulator, `${env.AZURE_KUBERNETES_TOKEN_PROXY}${path}`, {
    form: await form(),
    ca: await readFile(env.AZURE_KUBERNETES_CA_FILE ?? "", "utf8"),
    serverName: env.AZURE_KUBERNETES_SNI_NAME ?? "",
    ...options,
  });
}

it("the token file contains the token of the service account, which authenticates the application", async () => {
  const answer = await send(emulator, `/${emulator.tenantId}/oauth2/v2.0/token`, { form: await form() });
  expect(claimsIn(answer).oid).toBe(emulator.application.objectId);
});

it("the token file is replaced by a change of a symbolic link, and the old file is removed", async () => {
  const { tokenFile, writeToken } = emulator.host("workload-identity");
  const data = join(dirname(tokenFile), "..data");
  const [oldFolder, oldToken] = [await readlink(data), await readFile(tokenFile, "utf8")];
  await writeToken({ subject: "system:serviceaccount:other:one" });
  const newToken = await readFile(tokenFile, "utf8");
  expect(newToken).not.toBe(oldToken);
  expect(decodeJwt(newToken).sub).toBe("system:serviceaccount:other:one");
  await expect(stat(join(dirname(tokenFile), oldFolder))).rejects.toMatchObject({ code: "ENOENT" });
  await writeToken("hello");
  expect(await readFile(tokenFile, "utf8")).toBe("hello");
  await writeToken();
});

it("the token proxy forwards a token request", async () => {
  expect(claimsIn(await ask()).oid).toBe(emulator.application.objectId);
  expect(emulator.requests).toMatchObject([{ service: "token-proxy", serverName: "token-proxy.aks.test" }]);
});

it.each(["localhost", "login.microsoftonline.com"])(
  "the token proxy refuses the server name %s of the TLS handshake",
  async (name) => {
    await expect(ask({ serverName: name })).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(emulator.requests).toHaveLength(0);
  },
);

it("the token proxy refuses a client that sends another server name and ignores the certificate", async () => {
  const { request } = await import("node:https");
  const env = emulator.env("workload-identity");
  const url = `${env.AZURE_KUBERNETES_TOKEN_PROXY}/${emulator.tenantId}/oauth2/v2.0/token`;
  const ca = await readFile(env.AZURE_KUBERNETES_CA_FILE ?? "", "utf8");
  const options = { method: "POST", ca, servername: "localhost", checkServerIdentity: () => undefined, agent: false };
  const status = await new Promise((resolve, reject) => {
    request(url, options as object, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(421);
});

it("the token proxy forwards nothing but token requests", async () => {
  const { status } = await ask({ form: {} }, `/${emulator.tenantId}/oauth2/v2.0/devicecode`);
  expect(status).toBe(404);
});

it("the token proxy has a certificate of a new authority after a rotation, and the file contains that authority", async () => {
  const { proxyCaFile, rotateProxyCertificate } = emulator.host("workload-identity");
  const old = await readFile(proxyCaFile ?? "", "utf8");
  await rotateProxyCertificate();
  expect(await readFile(proxyCaFile ?? "", "utf8")).not.toBe(old);
  expect((await ask()).status).toBe(200);
  await expect(ask({ ca: old })).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
});

it("the token proxy is not trusted by clients of the emulator's own authority", async () => {
  await expect(ask({ ca: emulator.caCertificate })).rejects.toThrow(/certificate/);
});

it("a pod without tokenProxy has no proxy to rotate", async () => {
  await using plain = await startEmulator({ hosts: { "workload-identity": {} } });
  const { proxyCaFile, rotateProxyCertificate } = plain.host("workload-identity");
  expect(proxyCaFile).toBeUndefined();
  await expect(rotateProxyCertificate()).rejects.toThrow(TypeError);
  expect(plain.env("workload-identity")).toMatchObject({ AZURE_AUTHORITY_HOST: `${plain.authorityHost}/` });
});

it("a pod removes its files when it closes", async () => {
  const other = await startEmulator({ hosts: { "workload-identity": {} } });
  const { tokenFile } = other.host("workload-identity");
  await stat(tokenFile);
  await other.close();
  await expect(stat(dirname(tokenFile))).rejects.toMatchObject({ code: "ENOENT" });
});

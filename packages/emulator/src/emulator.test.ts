import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import { requestToken, send } from "../test/support/plain-client.ts";
import { verify } from "../test/support/verify.ts";
import { startEmulator } from "./emulator.ts";

it("startEmulator issues a valid token without any options", async () => {
  const emulator = await startEmulator();
  try {
    const { status, json } = await requestToken(emulator);
    expect(status).toBe(200);
    await verify(emulator, (json as { access_token: string }).access_token, "https://storage.azure.com");
  } finally {
    await emulator.close();
  }
});

it("startEmulator uses the first application of the first tenant as its own", async () => {
  const emulator = await startEmulator({
    tenants: [
      {
        tenantId: "T1",
        applications: [{ clientId: "A1", objectId: "O1", secrets: ["S1", "S2"] }, { clientId: "A2" }],
      },
      { tenantId: "T2", applications: [] },
    ],
  });
  try {
    expect(emulator.tenantId).toBe("T1");
    expect(emulator.application).toEqual({ clientId: "A1", clientSecret: "S1", objectId: "O1" });
  } finally {
    await emulator.close();
  }
});

it.each([
  [{ tenants: [] }, TypeError],
  [{ tenants: [{ applications: [] }] }, TypeError],
  [{ tenants: [{ applications: [{ secrets: [] }] }] }, TypeError],
  [{ tokenLifetimeSeconds: 0 }, RangeError],
  [{ refreshInSeconds: 1.5 }, RangeError],
])("startEmulator rejects the options %j", async (options, error) => {
  await expect(startEmulator(options)).rejects.toThrow(error);
});

it("startEmulator listens on both loopback addresses", async () => {
  const emulator = await startEmulator();
  const { port } = new URL(emulator.authorityHost);
  const path = `/${emulator.tenantId}/discovery/v2.0/keys`;
  try {
    const { status } = await send({ ...emulator, authorityHost: `https://127.0.0.1:${port}` }, path);
    expect(status).toBe(200);
    const ipv6 = await send({ ...emulator, authorityHost: `https://[::1]:${port}` }, path).catch((error) => error.code);
    expect(["EADDRNOTAVAIL", expect.objectContaining({ status: 200 })]).toContainEqual(ipv6);
  } finally {
    await emulator.close();
  }
});

it("startEmulator shares no state with a second emulator", async () => {
  const [one, other] = await Promise.all([startEmulator(), startEmulator()]);
  try {
    one.clock.set(0);
    one.faults.add({ status: 500 });

    expect((await requestToken(other)).status).toBe(200);
    expect((await requestToken(one)).status).toBe(500);
    expect((await requestToken(one, { client_id: other.application.clientId })).status).toBe(400);
    await expect(requestToken({ ...one, caCertificate: other.caCertificate })).rejects.toThrow(/certificate/);
    expect(other.requests).toHaveLength(1);
    expect(other.clock.now()).toBeGreaterThan(0);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
});

it("emulator.env() contains the variables of a service principal", async () => {
  vi.stubEnv("NODE_EXTRA_CA_CERTS", undefined);
  const emulator = await startEmulator();
  try {
    expect(emulator.env()).toEqual({
      AZURE_AUTHORITY_HOST: emulator.authorityHost,
      AZURE_TENANT_ID: emulator.tenantId,
      AZURE_CLIENT_ID: emulator.application.clientId,
      AZURE_CLIENT_SECRET: emulator.application.clientSecret,
      NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    });
  } finally {
    vi.unstubAllEnvs();
    await emulator.close();
  }
});

it("emulator.env() adds to the certificates that NODE_EXTRA_CA_CERTS names", async () => {
  const company = await startEmulator();
  vi.stubEnv("NODE_EXTRA_CA_CERTS", company.caCertificateFile);
  const emulator = await startEmulator({ hosts: { "service-fabric": {} } });
  try {
    const urls = [company, emulator].map(
      ({ authorityHost, tenantId }) => `${authorityHost}/${tenantId}/discovery/v2.0/keys`,
    );
    const program = `for (const url of ${JSON.stringify(urls)}) console.log((await fetch(url)).status)`;
    const args = ["--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, ...emulator.env() },
    });
    expect(stdout).toBe("200\n200\n");
    const ofFabric = await readFile(emulator.env("service-fabric").NODE_EXTRA_CA_CERTS ?? "", "utf8");
    for (const one of [company, emulator]) expect(ofFabric).toContain(one.caCertificate);
  } finally {
    vi.unstubAllEnvs();
    await Promise.all([emulator.close(), company.close()]);
  }
});

it.each(["no-such-file.pem", ""])("emulator.env() works if NODE_EXTRA_CA_CERTS is %j", async (path) => {
  vi.stubEnv("NODE_EXTRA_CA_CERTS", path);
  const emulator = await startEmulator();
  try {
    expect(emulator.env().NODE_EXTRA_CA_CERTS).toBe(emulator.caCertificateFile);
  } finally {
    vi.unstubAllEnvs();
    await emulator.close();
  }
});

it.each(["moon-base", "toString"])("emulator.env() rejects the unknown preset %s", async (preset) => {
  const emulator = await startEmulator();
  try {
    expect(() => emulator.env(preset as "service-principal")).toThrow(/preset .*service-principal/);
  } finally {
    await emulator.close();
  }
});

it("the server certificate is valid for loopback and for Microsoft's host names", async () => {
  const emulator = await startEmulator();
  try {
    const ca = new X509Certificate(emulator.caCertificate);
    const server = new X509Certificate(emulator.serverCertificate.certificate);
    expect(server.verify(ca.publicKey)).toBe(true);
    expect(server.checkIP("::1")).toBe("::1");
    for (const host of ["localhost", "login.microsoftonline.com", "management.azure.com", "graph.windows.net"]) {
      expect(server.checkHost(host)).toBe(host);
    }
    expect(server.checkHost("contoso.vault.azure.net")).toBe("*.vault.azure.net");
    expect(await readFile(emulator.caCertificateFile, "utf8")).toBe(emulator.caCertificate);
  } finally {
    await emulator.close();
  }
});

it("emulator.close() ends a request that hangs and one that is delayed by a fault", async () => {
  const emulator = await startEmulator();
  try {
    emulator.faults.add({ path: "token", connection: "hang" }, { path: "keys", delayMs: 3_600_000 });
    const arrivals = [emulator.requests.next("token"), emulator.requests.next("keys")];
    const answers = Promise.allSettled([
      requestToken(emulator),
      send(emulator, `/${emulator.tenantId}/discovery/v2.0/keys`),
    ]);
    await Promise.all(arrivals);

    await emulator.close();

    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(emulator.requests.map(({ status }) => status)).toEqual([undefined, undefined]);
  } finally {
    await emulator.close();
  }
});

it("emulator.close() does not wait for an unfinished TLS handshake", async () => {
  const emulator = await startEmulator();
  const { port } = new URL(emulator.authorityHost);
  const socket = connect(Number(port), "127.0.0.1").resume();
  const ended = once(socket, "close");
  try {
    await once(socket, "connect");
    // connections are accepted in order: after this response the other connection has been
    // accepted
    await send({ ...emulator, authorityHost: `https://127.0.0.1:${port}` }, "/");

    await emulator.close();
    await ended;
  } finally {
    socket.destroy();
    await emulator.close();
  }
});

it("emulator.close() frees the ports and removes the certificate file, and can be called twice", async () => {
  const emulator = await startEmulator();
  await Promise.all([emulator.close(), emulator[Symbol.asyncDispose]()]);
  await emulator.close();

  expect(existsSync(emulator.caCertificateFile)).toBe(false);
  await expect(requestToken(emulator)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(send(emulator, emulator.vaultUrl)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

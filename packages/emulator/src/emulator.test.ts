import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { requestToken, send } from "../test/support/plain-client.ts";
import { verify } from "../test/support/verify.ts";
import { startEmulator } from "./emulator.ts";

describe("startEmulator", () => {
  it("is useful without options", async () => {
    const emulator = await startEmulator();
    try {
      const { status, json } = await requestToken(emulator);
      expect(status).toBe(200);
      await verify(emulator, (json as { access_token: string }).access_token, "https://storage.azure.com");
    } finally {
      await emulator.close();
    }
  });

  it("takes its own application from the first tenant", async () => {
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
    [{ tokenLifetime: 0 }, RangeError],
    [{ refreshIn: 1.5 }, RangeError],
  ])("refuses %j", async (options, error) => {
    await expect(startEmulator(options)).rejects.toThrow(error);
  });

  it("answers on both loopback addresses", async () => {
    const emulator = await startEmulator();
    const { port } = new URL(emulator.authorityHost);
    const path = `/${emulator.tenantId}/discovery/v2.0/keys`;
    try {
      const { status } = await send({ ...emulator, authorityHost: `https://127.0.0.1:${port}` }, path);
      expect(status).toBe(200);
      const ipv6 = await send({ ...emulator, authorityHost: `https://[::1]:${port}` }, path).catch(
        (error) => error.code,
      );
      expect(["EADDRNOTAVAIL", expect.objectContaining({ status: 200 })]).toContainEqual(ipv6);
    } finally {
      await emulator.close();
    }
  });

  it("runs beside another without touching it", async () => {
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
});

describe("env", () => {
  it("describes a service principal", async () => {
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
      await emulator.close();
    }
  });

  it.each(["moon-base", "toString"])("does not know the scene %s", async (scene) => {
    const emulator = await startEmulator();
    try {
      expect(() => emulator.env(scene as "service-principal")).toThrow(/no scene .*service-principal/);
    } finally {
      await emulator.close();
    }
  });
});

describe("certificates", () => {
  it("are good for this machine and for the names of the cloud", async () => {
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
});

describe("close", () => {
  it("ends a request that hangs and one that is delayed", async () => {
    const emulator = await startEmulator();
    try {
      emulator.faults.add({ path: "token", connection: "hang" }, { path: "keys", delay: 3_600_000 });
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

  it("does not wait for a client that never finishes its TLS handshake", async () => {
    const emulator = await startEmulator();
    const { port } = new URL(emulator.authorityHost);
    const socket = connect(Number(port), "127.0.0.1").resume();
    const ended = once(socket, "close");
    try {
      await once(socket, "connect");
      // Connections are accepted in their order: once this one is answered, the other one has been accepted.
      await send({ ...emulator, authorityHost: `https://127.0.0.1:${port}` }, "/");

      await emulator.close();
      await ended;
    } finally {
      socket.destroy();
      await emulator.close();
    }
  });

  it("can be called twice, frees the ports and removes the certificate", async () => {
    const emulator = await startEmulator();
    await Promise.all([emulator.close(), emulator[Symbol.asyncDispose]()]);
    await emulator.close();

    expect(existsSync(emulator.caCertificateFile)).toBe(false);
    await expect(requestToken(emulator)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(send(emulator, emulator.vaultUrl)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

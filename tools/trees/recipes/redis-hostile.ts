/** docs/recipes/redis.md, with servers that get no token, or get one and give no answer. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Identity } from "@azidentity/core";
import { describe, expect, it } from "vitest";
import type { World } from "./world.ts";

/** Keeps what each connection begins with, and closes it. */
const closing = (received: string[]) => (socket: Socket) =>
  void socket
    .on("error", () => socket.destroy())
    .once("data", (data) => {
      received.push(String(data));
      socket.destroy();
    });

/** Listens while a function uses the port. */
async function serve(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

export function testHostileRedis(world: () => World): void {
  const clients = {
    "@redis/entraid": async (identity: Identity, port: number) =>
      (await world().load("redis-client")).connectRedis(identity, `rediss://localhost:${port}`, () => undefined),
    ioredis: async (identity: Identity, port: number) =>
      (await world().load("redis-ioredis")).connectRedis(identity, { host: "localhost", port }, () => undefined),
  };

  describe.each(Object.entries(clients))("%s", (_, connect) => {
    it("a server that closes the connection when it gets the token gets it once", async () => {
      await using identity = world().createIdentity();
      const { certificate, key } = world().emulator.serverCertificate;
      const received: string[] = [];
      await serve(createTlsServer({ cert: certificate, key }, closing(received)), async (port) => {
        await expect(connect(identity, port)).rejects.toThrow(/closed/);
      });
      expect(received).toEqual([expect.stringContaining("eyJ")]);
    });

    it("a server without TLS gets no token", async () => {
      await using identity = world().createIdentity();
      const received: string[] = [];
      await serve(createServer(closing(received)), async (port) => {
        await expect(connect(identity, port)).rejects.toThrow();
      });
      expect(received).toEqual([expect.not.stringContaining("eyJ")]);
    });
  });
}

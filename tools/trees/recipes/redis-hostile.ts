/** docs/recipes/redis.md, with servers that get no token, or get one and give no answer. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Identity } from "@azidentity/core";
import type { ServerCertificate } from "@azidentity/emulator";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testCertificate, testSilence } from "./client-suite.ts";
import type { World } from "./world.ts";

/** Passes on what a connection begins with, and closes it. */
const closing = (take: (text: string) => void) => (socket: Socket) =>
  void socket
    .on("error", () => socket.destroy())
    .once("data", (data) => {
      take(String(data));
      socket.destroy();
    });

const closingTls = ({ certificate, key }: ServerCertificate, take: (text: string) => void) =>
  createTlsServer({ cert: certificate, key }, closing(take));

/** Tells what it gets, and answers nothing. */
const silentTls = ({ certificate, key }: ServerCertificate, take: (text: string) => unknown) =>
  createTlsServer({ cert: certificate, key }, (socket) => {
    socket.on("error", () => socket.destroy()).on("data", (data) => take(String(data)));
  });

async function listen(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export function testHostileRedis(world: () => World): void {
  const clients = {
    "@redis/entraid": async (identity: Identity, port: number, limitMs?: number) => {
      const { connectRedis } = await world().load("redis-client");
      const limits = limitMs === undefined ? undefined : { connectTimeout: limitMs, socketTimeout: limitMs };
      return connectRedis(identity, `rediss://localhost:${port}`, () => undefined, limits);
    },
    ioredis: async (identity: Identity, port: number, limitMs?: number) => {
      const { connectRedis } = await world().load("redis-ioredis");
      const limits = limitMs === undefined ? {} : { connectTimeout: limitMs, socketTimeout: limitMs };
      return connectRedis(identity, { host: "localhost", port, ...limits }, () => undefined);
    },
  };

  afterEach(() => void vi.useRealTimers());

  describe.each(Object.entries(clients))("%s", (_, connect) => {
    testCertificate(world, (certificate, accepts) => listen(closingTls(certificate, accepts)), connect);
    testSilence(world, (certificate, accepts) => listen(silentTls(certificate, accepts)), connect);

    it("a server that closes the connection when it gets the token gets it once", async () => {
      await using identity = world().createIdentity();
      const received: string[] = [];
      const take = (text: string) => void received.push(text);
      await using server = await listen(closingTls(world().emulator.serverCertificate, take));
      await expect(connect(identity, server.port)).rejects.toThrow(/closed/);
      expect(received).toEqual([expect.stringContaining("eyJ")]);
    });

    it("a server without TLS gets no token", async () => {
      await using identity = world().createIdentity();
      const received: string[] = [];
      await using server = await listen(createServer(closing((text) => void received.push(text))));
      await expect(connect(identity, server.port)).rejects.toThrow();
      expect(received).toEqual([expect.not.stringContaining("eyJ")]);
    });
  });

  it("a connect that has failed leaves no timer, which would keep the process alive", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await using identity = world().createIdentity();
    await identity.getToken("https://redis.azure.com/.default");
    const before = vi.getTimerCount();
    await using server = await listen(closingTls(world().emulator.serverCertificate, () => undefined));
    await expect(clients["@redis/entraid"](identity, server.port)).rejects.toThrow(/closed/);
    expect(vi.getTimerCount()).toBe(before);
  });

  it("the token is sent, and not the access key in a URL", async () => {
    await using identity = world().createIdentity();
    const received: string[] = [];
    const take = (text: string) => void received.push(text);
    await using server = await listen(closingTls(world().emulator.serverCertificate, take));
    const { connectRedis } = await world().load("redis-client");
    const url = `rediss://:an-access-key@localhost:${server.port}`;
    await expect(connectRedis(identity, url, () => undefined)).rejects.toThrow(/closed/);
    expect(received.join()).toContain("eyJ");
    expect(received.join()).not.toContain("an-access-key");
  });
}

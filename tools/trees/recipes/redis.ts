/** docs/recipes/redis.md, against Redis. */
import type { Identity } from "@azidentity/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedis } from "../../../packages/plugin-cache-persist/test-tools/redis-server.ts";
import { type ClientRecipe, testConnections, testRefusal } from "./client-suite.ts";
import type { World } from "./world.ts";

interface Connection {
  /** Sends a command. */
  send(...command: string[]): Promise<unknown>;
  end(): void;
}

const audience = "https://redis.azure.com";
const scope = `${audience}/.default`;
const hourMs = 3_600_000;

export function testRedis(world: () => World): void {
  let server: RedisServer;
  let admin: Connection;
  const clients = {
    "@redis/entraid": async (identity: Identity): Promise<Connection> => {
      const { connectRedis } = await world().load("redis-client");
      const client = await connectRedis(identity, `redis://127.0.0.1:${server.port}`, () => undefined);
      return { send: (...command) => client.sendCommand(command), end: () => client.destroy() };
    },
    ioredis: async (identity: Identity): Promise<Connection> => {
      const { connectRedis } = await world().load("redis-ioredis");
      const at = { host: "127.0.0.1", port: server.port, tls: undefined };
      const settings = { ...at, retryStrategy: () => 1, maxRetriesPerRequest: 1 };
      const client = await connectRedis(identity, settings, () => undefined); // each is also the error of a command
      return { send: (name, ...args) => client.call(name, ...args), end: () => client.disconnect() };
    },
  };

  beforeAll(async () => {
    server = await startRedis();
    const client = (await import(`${world().folder}/node_modules/@redis/client/dist/index.js`)).createClient(server);
    await client.connect();
    admin = { send: (...command) => client.sendCommand(command), end: () => client.destroy() };
  });
  afterEach(() => void vi.useRealTimers());
  afterAll(async () => {
    admin?.end();
    await server?.[Symbol.asyncDispose]();
  });

  /** An identity whose tokens the server checks, and accepts from then on. */
  const known = (identity: Identity): Identity =>
    ({
      async getToken(scopes: string) {
        const token = await identity.getToken(scopes);
        const { clientId, objectId } = world().emulator.application;
        expect(world().verify(token.token, audience)).toBe(clientId);
        await admin.send("ACL", "SETUSER", objectId, "on", `>${token.token}`, "allkeys", "allcommands");
        return token;
      },
      peek: (scopes: string) => identity.peek(scopes),
    }) as unknown as Identity;
  /** Lets the server accept the present token of an identity, and nothing else. */
  const acceptTokenOf = async (identity: Identity) => {
    const { token } = await identity.getToken(scope);
    const { objectId } = world().emulator.application;
    await admin.send("ACL", "SETUSER", objectId, "reset", "on", `>${token}`, "allkeys", "allcommands");
  };
  /** Sign-ins that the server has accepted so far. */
  const signIns = async () => {
    const [, calls, failed] = /cmdstat_auth:calls=(\d+).*?failed_calls=(\d+)/.exec(
      String(await admin.send("INFO", "commandstats")),
    ) ?? ["", "0", "0"];
    return { accepted: Number(calls) - Number(failed), refused: Number(failed) };
  };

  it("a client of @redis/entraid that has connected again leaves no timer when it ends", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await using identity = world().createIdentity();
    await acceptTokenOf(identity);
    const before = vi.getTimerCount();
    const client = await clients["@redis/entraid"](identity);
    const id = await client.send("CLIENT", "ID");
    await admin.send("CLIENT", "KILL", "ID", String(id));
    await vi.waitFor(async () => expect(await client.send("CLIENT", "ID")).not.toBe(id), 30_000);
    client.end();
    expect(vi.getTimerCount()).toBe(before);
  });

  describe.each(Object.entries(clients))("%s", (_, connect) => {
    it("a live connection gets a new token before its token expires, and one that is opened again has it", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      await using identity = world().createIdentity();
      await acceptTokenOf(identity);
      const client = await connect(identity);
      try {
        expect(await client.send("ACL", "WHOAMI")).toBe(world().emulator.application.objectId);
        const id = await client.send("CLIENT", "ID");
        const before = await signIns();
        world().advance(hourMs - 30_000);
        await acceptTokenOf(identity); // no other than the next one
        await vi.runOnlyPendingTimersAsync();
        await vi.waitFor(async () => expect((await signIns()).accepted).toBe(before.accepted + 1));
        expect(await client.send("CLIENT", "ID")).toBe(id);
        expect((await signIns()).refused).toBe(before.refused);

        vi.useRealTimers();
        await admin.send("CLIENT", "KILL", "ID", String(id));
        await vi.waitFor(async () => expect(await client.send("CLIENT", "ID")).not.toBe(id), 30_000);
        expect(await client.send("ACL", "WHOAMI")).toBe(world().emulator.application.objectId);
      } finally {
        client.end();
      }
    });

    it("a live connection keeps its token while Entra fails, and gets the next one after that", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      await using identity = world().createIdentity();
      await acceptTokenOf(identity);
      const client = await connect(identity);
      const { faults } = world().emulator;
      try {
        const before = await signIns();
        world().advance(hourMs - 50_000);
        faults.add({ path: "token", status: 503, times: 100 });
        world().tokenRequests();
        await vi.runOnlyPendingTimersAsync();
        await vi.waitFor(() => expect(world().tokenRequests()).toBeGreaterThan(0));
        faults.clear();
        expect(await client.send("PING")).toBe("PONG");

        world().advance(15_000);
        await acceptTokenOf(identity);
        await vi.runOnlyPendingTimersAsync();
        await vi.waitFor(async () => expect((await signIns()).accepted).toBeGreaterThan(before.accepted));
        expect((await signIns()).refused).toBe(before.refused);
      } finally {
        faults.clear();
        client.end();
      }
    });

    const recipe: ClientRecipe = {
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity, user) {
        await admin.send("ACL", "DELUSER", world().emulator.application.objectId);
        const own = user === undefined ? known(identity) : identity;
        return {
          async openAtOnce(count) {
            const { namePrincipal, refused } = await world().load("name-principal");
            const open = () => connect(own).catch(namePrincipal(own, scope, refused.redis));
            const opened: Connection[] = await Promise.all(Array.from({ length: count }, open));
            for (const one of opened) one.end();
          },
          end: async () => undefined,
        };
      },
    };
    testConnections(world, () => recipe);
    testRefusal(world, () => recipe);
  });
}

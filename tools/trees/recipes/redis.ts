/** docs/recipes/redis.md, against Redis. */
import type { Identity } from "@azidentity/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedis } from "../../../packages/plugin-cache-persist/test-tools/redis-server.ts";
import { type ClientRecipe, testConnections, testOutage, testRefusal } from "./client-suite.ts";
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
      const limits = { maxRetriesPerRequest: 1, socketTimeout: undefined }; // time passes at once in these tests
      const settings = { ...at, ...limits, retryStrategy: () => 1 };
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

  const connectIoredis = async (identity: Identity, settings = {}) => {
    const { connectBullmq } = await world().load("redis-bullmq");
    const at = { host: "127.0.0.1", port: server.port, tls: undefined };
    return connectBullmq(identity, { ...at, ...settings }, () => undefined);
  };

  it("duplicates of a connection of ioredis get the new token, too", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await using identity = world().createIdentity();
    await acceptTokenOf(identity);
    const connection = await connectIoredis(identity, { socketTimeout: undefined }); // time passes at once
    const first = connection.duplicate();
    const second = first.duplicate();
    try {
      await Promise.all([first.ping(), second.ping()]);
      const before = await signIns();
      world().advance(hourMs - 30_000);
      await acceptTokenOf(identity); // no other than the next one
      await vi.runOnlyPendingTimersAsync();
      await vi.waitFor(async () => expect((await signIns()).accepted).toBe(before.accepted + 3), 30_000);
      expect((await signIns()).refused).toBe(before.refused);
    } finally {
      for (const one of [second, first, connection]) one.disconnect();
    }
  });

  it("a worker of BullMQ gets the jobs of a queue, by a connection and its duplicates", async () => {
    await using identity = world().createIdentity();
    await acceptTokenOf(identity);
    const { Queue, Worker } = await import(`${world().folder}/node_modules/bullmq/dist/esm/index.js`);
    const connection = await connectIoredis(identity);
    const duplicate = vi.spyOn(connection, "duplicate");
    const done = Promise.withResolvers<unknown>();
    const queue = new Queue("orders", { connection });
    const worker = new Worker("orders", async (job: { data: unknown }) => done.resolve(job.data), { connection });
    try {
      await queue.add("order", { id: 7 });
      expect(await done.promise).toEqual({ id: 7 });
      const users = String(await admin.send("CLIENT", "LIST")).match(/(?<=user=)\S+/g) ?? [];
      const { objectId } = world().emulator.application;
      expect(users.filter((user) => user === objectId)).toHaveLength(1 + duplicate.mock.calls.length);
      expect(new Set(users)).toEqual(new Set(["default", objectId])); // `default` is the test's own
    } finally {
      await worker.close();
      await queue.close();
      connection.disconnect();
    }
  });

  it("clients give up a connection by which no byte comes", async () => {
    await using identity = world().createIdentity();
    await acceptTokenOf(identity);
    const { connectRedis } = await world().load("redis-client");
    const client = await connectRedis(identity, `redis://127.0.0.1:${server.port}`, () => undefined);
    const connection = await connectIoredis(identity);
    expect(client.options).toMatchObject({ pingInterval: 10_000, socket: { socketTimeout: 30_000 } });
    expect(connection.options.socketTimeout).toBe(30_000);
    client.destroy();
    connection.disconnect();
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
        await vi.waitFor(async () => expect((await signIns()).accepted).toBe(before.accepted + 1), 30_000);
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
        await vi.waitFor(() => expect(world().tokenRequests()).toBeGreaterThan(0), 30_000);
        faults.clear();
        expect(await client.send("PING")).toBe("PONG");

        world().advance(15_000);
        await acceptTokenOf(identity);
        await vi.runOnlyPendingTimersAsync();
        await vi.waitFor(async () => expect((await signIns()).accepted).toBeGreaterThan(before.accepted), 30_000);
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
    testOutage(world, () => recipe);
    testRefusal(world, () => recipe);
  });
}

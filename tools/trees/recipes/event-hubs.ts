/** docs/recipes/event-hubs.md, against a namespace that checks each token. */
import type { Identity } from "@azidentity/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  type ClientRecipe,
  type Connect,
  type Start,
  testCertificate,
  testConnections,
  testInterruption,
  testOutage,
  testRefusal,
} from "./client-suite.ts";
import { type EventHubsServer, startEventHubs } from "./event-hubs-server.ts";
import type { World } from "./world.ts";

const scope = "https://eventhubs.azure.net//.default";
const audience = "https://eventhubs.azure.net/";
const namespace = "contoso.servicebus.windows.net";
const twoMinutesMs = 120_000;

export function testEventHubs(world: () => World): void {
  let server: EventHubsServer;
  /** The principal that the namespace knows. */
  let known: string;
  /** Called with each token, before it is answered. */
  let onToken: () => void;
  beforeEach(async () => {
    const { emulator, folder, verify } = world();
    onToken = () => undefined;
    known = emulator.application.clientId;
    server = await startEventHubs(`${folder}/node_modules`, emulator.serverCertificate, (token) => {
      onToken();
      return verify(token, audience) === known;
    });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await server[Symbol.asyncDispose]();
  });

  const createProducer = async (identity: Identity, { port }: { readonly port: number } = server, limits = {}) => {
    const settings = { customEndpointAddress: `sb://localhost:${port}`, retryOptions: { maxRetries: 0, ...limits } };
    return (await world().load("event-hubs")).createProducer(identity, namespace, "orders", settings);
  };

  const recipe: ClientRecipe = {
    codeWithoutToken: "invalid-client-secret",
    createClient: async (identity) => ({
      async openAtOnce(count) {
        const producers = await Promise.all(Array.from({ length: count }, () => createProducer(identity)));
        try {
          await Promise.all(producers.map((producer) => producer.getPartitionIds()));
        } finally {
          await Promise.all(producers.map((producer) => producer.close()));
        }
        expect(server.putTokens.every(({ isAccepted }) => isAccepted)).toBe(true);
      },
      end: async () => undefined,
    }),
  };
  testConnections(world, () => recipe);
  testOutage(world, () => recipe);

  it("events to all partitions, and what asks for those, cost one token request", async () => {
    await using identity = world().createIdentity();
    const producer = await createProducer(identity);
    world().tokenRequests();
    try {
      const partitions: string[] = await producer.getPartitionIds();
      await Promise.all(partitions.map((partitionId) => producer.sendBatch([{ body: partitionId }], { partitionId })));
    } finally {
      await producer.close();
    }
    expect(server.events).toHaveLength(4);
    expect(server.putTokens.map(({ entity }) => entity).sort()).toEqual([
      "sb://contoso.servicebus.windows.net/orders/$management",
      ...["0", "1", "2", "3"].map((id) => `sb://contoso.servicebus.windows.net/orders/Partitions/${id}`),
    ]);
    expect(server.putTokens.every(({ isAccepted }) => isAccepted)).toBe(true);
    expect(world().tokenRequests()).toBe(1);
  });

  it("a link that asks two minutes before its token expires gets the next one, on the connection that is open", async () => {
    await using identity = world().createIdentity();
    const { expiresOnTimestamp } = await identity.getToken(scope);
    vi.useFakeTimers({ toFake: ["Date"], now: expiresOnTimestamp - twoMinutesMs - 5 }); // the client asks every 5 ms
    const producer = await createProducer(identity);
    try {
      await producer.sendBatch([{ body: "first" }], { partitionId: "0" });
      const remainingMs = expiresOnTimestamp - world().emulator.clock.now();
      onToken = () => {
        onToken = () => undefined;
        world().advance(remainingMs - twoMinutesMs);
      };
      const before = server.putTokens.length;
      await vi.waitFor(() => expect(server.putTokens.length).toBeGreaterThan(before + 1), 30_000);
      const [old, next] = server.putTokens.slice(before);
      expect(next?.token).not.toBe(old?.token);
      expect(next?.isAccepted).toBe(true);
      expect(next?.connection).toBe(old?.connection);
    } finally {
      await producer.close();
    }
  });

  testRefusal(
    world,
    (): ClientRecipe => ({
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity, user = known) {
        known = user;
        const { namePrincipal, refused } = await world().load("name-principal");
        const producer = await createProducer(identity);
        const send = () => producer.sendBatch([{ body: "first" }], { partitionId: "0" });
        return {
          openAtOnce: () => send().catch(namePrincipal(identity, scope, refused["event-hubs"])),
          end: () => producer.close(),
        };
      },
    }),
  );
  const start: Start = (certificate, accepts) => startEventHubs(`${world().folder}/node_modules`, certificate, accepts);
  const connect: Connect = async (identity, port, limitMs) => {
    const producer = await createProducer(identity, { port }, limitMs === undefined ? {} : { timeoutInMs: limitMs });
    const closed = () => void producer.close().catch(() => undefined); // it waits a minute for a silent server
    await producer.sendBatch([{ body: "first" }]).finally(closed);
  };
  testCertificate(world, start, connect);
  testInterruption(world, start, connect);
}

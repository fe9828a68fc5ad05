/** docs/recipes/kafka.md, against a broker that checks each token. */
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  type ClientRecipe,
  testCertificate,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
import { type KafkaServer, startKafka } from "./kafka-server.ts";
import type { World } from "./world.ts";

const namespace = "contoso.servicebus.windows.net";
const silent = 0; // the level of kafkajs at which it writes nothing

export function testKafka(world: () => World): void {
  let server: KafkaServer;
  /** The principal that the broker knows; OAUTHBEARER names none. */
  let known: string;
  beforeAll(async () => {
    const { emulator, verify } = world();
    known = emulator.application.clientId;
    const accepts = (token: string) => verify(token, `https://${namespace}`) === known;
    server = await startKafka(emulator.serverCertificate, accepts);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const createKafka = async (identity: Identity, { port }: { readonly port: number } = server, limits = {}) => {
    const settings = { brokers: [`localhost:${port}`], logLevel: silent, retry: { retries: 0 }, ...limits };
    return (await world().load("kafka")).createKafka(identity, namespace, settings);
  };
  const connect = async (identity: Identity, port: number, limitMs?: number) => {
    const limits = limitMs === undefined ? {} : { connectionTimeout: limitMs, requestTimeout: limitMs };
    const admin = (await createKafka(identity, { port }, limits)).admin();
    await admin.connect().finally(() => admin.disconnect());
  };

  const recipe: ClientRecipe = {
    codeWithoutToken: "invalid-client-secret",
    async createClient(identity, user = world().emulator.application.clientId) {
      known = user;
      const kafka = await createKafka(identity);
      const { namePrincipal, refused } = await world().load("name-principal");
      const name = namePrincipal(identity, `https://${namespace}/.default`, refused.kafkajs);
      const open = async () => {
        const admin = kafka.admin();
        try {
          await admin.connect().catch(name);
        } finally {
          await admin.disconnect();
        }
      };
      return {
        openAtOnce: async (count) => void (await Promise.all(Array.from({ length: count }, open))),
        async end() {
          known = world().emulator.application.clientId;
        },
      };
    },
  };
  testConnections(world, () => recipe);
  testOutage(world, () => recipe);
  testRefusal(world, () => recipe);
  testCertificate(world, startKafka, connect);
  testSilence(world, startKafka, connect);

  it("kafkajs sends a new token on the connection that is open, before its session ends", async () => {
    await using identity = world().createIdentity();
    const admin = (await createKafka(identity)).admin();
    const before = server.signIns.length;
    vi.useFakeTimers({ toFake: ["hrtime"] });
    try {
      await admin.connect();
      expect(await admin.describeCluster()).toMatchObject({ brokers: [{ port: server.port }] });
      expect(server.signIns).toHaveLength(before + 1);
      world().advance(3_595_000);
      vi.advanceTimersByTime(3_595_000);
      await admin.describeCluster();
      const [first, second] = server.signIns.slice(before);
      expect(second?.connection).toBe(first?.connection);
      expect(second?.token).not.toBe(first?.token);
    } finally {
      vi.useRealTimers();
      await admin.disconnect();
    }
  });
}

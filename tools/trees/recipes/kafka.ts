/** docs/recipes/kafka.md, against a broker that checks each token. */
import type { Identity } from "@azidentity/core";
import { expect, it, vi } from "vitest";
import { startKafka } from "./kafka-server.ts";
import type { World } from "./world.ts";

const namespace = "contoso.servicebus.windows.net";
const silent = 0; // the level of kafkajs at which it writes nothing

export function testKafka(world: () => World): void {
  const start = () => {
    const { emulator, verify } = world();
    const { clientId } = emulator.application;
    return startKafka(emulator.serverCertificate, (token) => verify(token, `https://${namespace}`) === clientId);
  };
  const connect = async (identity: Identity, port: number, name = namespace) => {
    const { createKafka } = await world().load("kafka");
    const settings = { brokers: [`localhost:${port}`], logLevel: silent, retry: { retries: 0 } };
    const admin = createKafka(identity, name, settings).admin();
    try {
      await admin.connect();
    } finally {
      await admin.disconnect();
    }
  };

  it("kafkajs connects at once and two hours later, each time with a token that is valid then", async () => {
    await using server = await start();
    await using identity = world().createIdentity();
    world().tokenRequests();
    await Promise.all([connect(identity, server.port), connect(identity, server.port)]);
    world().advance(7_200_000);
    await connect(identity, server.port);
    expect(world().tokenRequests()).toBe(2);
  });

  it("kafkajs sends a new token on the connection that is open, before its session ends", async () => {
    await using server = await start();
    await using identity = world().createIdentity();
    const { createKafka } = await world().load("kafka");
    const settings = { brokers: [`localhost:${server.port}`], logLevel: silent, retry: { retries: 0 } };
    const admin = createKafka(identity, namespace, settings).admin();
    vi.useFakeTimers({ toFake: ["hrtime"] });
    try {
      await admin.connect();
      expect(await admin.describeCluster()).toMatchObject({ brokers: [{ port: server.port }] });
      expect(server.signIns).toHaveLength(1);
      world().advance(3_595_000);
      vi.advanceTimersByTime(3_595_000);
      await admin.describeCluster();
      expect(server.signIns).toHaveLength(2);
      const [first, second] = server.signIns;
      expect(second?.connection).toBe(first?.connection);
      expect(second?.token).not.toBe(first?.token);
    } finally {
      vi.useRealTimers();
      await admin.disconnect();
    }
  });

  it("the error of a broker that refuses the token shows no token", async () => {
    await using server = await start();
    await using identity = world().createIdentity();
    const error = await connect(identity, server.port, "vault.azure.net").then(
      () => expect.unreachable(),
      (cause) => cause,
    );
    expect(error.message).toContain("The token is refused.");
    expect(`${error.stack}`).not.toContain("eyJ");
  });
}

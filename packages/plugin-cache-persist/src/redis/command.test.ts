import { expect, it } from "vitest";
import { commandOf, nodesOf, type RedisClient } from "./command.ts";

/** Records the calls of a client. */
function recorder() {
  const calls: unknown[] = [];
  const record = async (...args: unknown[]) => {
    calls.push(args);
    return "OK";
  };
  return { calls, record };
}

it("a command calls `call` of ioredis", async () => {
  const { calls, record } = recorder();
  expect(await commandOf({ call: record })("SET", "key", "value", "PX", "5")).toBe("OK");
  expect(calls).toEqual([["SET", "key", "value", "PX", "5"]]);
});

it("a command calls `sendCommand` of node-redis", async () => {
  const { calls, record } = recorder();
  await commandOf({ sendCommand: record })("GET", "key");
  expect(calls).toEqual([[["GET", "key"]]]);
});

it("a command passes its key to a cluster of node-redis", async () => {
  const { calls, record } = recorder();
  const command = commandOf({ sendCommand: record, masters: [], nodeClient: () => expect.fail() });
  await command("GET", "key");
  await command("EVAL", "return 1", "2", "key", "lock", "nonce");
  expect(calls).toEqual([
    ["key", false, ["GET", "key"]],
    ["key", false, ["EVAL", "return 1", "2", "key", "lock", "nonce"]],
  ]);
});

it("each node of a cluster gets its own command, with either library", async () => {
  const nodes = [recorder(), recorder()];
  const clients: readonly RedisClient[] = [
    { call: async () => expect.fail(), nodes: () => nodes.map(({ record }) => ({ call: record })) },
    {
      sendCommand: async () => expect.fail(),
      masters: nodes,
      nodeClient: async (node: unknown) => ({ sendCommand: (node as (typeof nodes)[0]).record }),
    },
  ];
  for (const client of clients) {
    for (const command of await nodesOf(client)) await command("SCAN", "0");
  }
  expect(nodes.map(({ calls }) => calls.length)).toEqual([2, 2]);
});

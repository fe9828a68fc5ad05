/**
 * The official clients and servers of MCP, with `azid mcp` between them and tokens of the emulator.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

it("a client and a server of revision 2025-11-25 work through azid mcp, also after the token was revoked and the server restarted", async () => {
  const { emulator } = world;
  const { clientId } = emulator.application;
  const server = await world.startServer("server-v1");
  await using client = world.startClient("client-v1", server.port);

  expect(await client.next("first")).toMatchObject({
    tools: ["whoami", "broken-off", "ask"],
    first: { aud: clientId, azp: clientId },
  });
  expect(await client.next("resumed")).toEqual({
    resumed: "resumed",
    messages: ["before"],
    asked: { type: "text", text: "answered" },
  });

  await client.next("reached");
  emulator.revokeSession();
  client.say();
  expect(await client.next("second")).toMatchObject({ second: { azp: clientId } });
  expect(await server.next("challenge")).toEqual({ challenge: "claims" });

  await client.next("reached");
  await server[Symbol.asyncDispose]();
  const restarted = await world.startServer("server-v1", server.port);
  client.say();
  expect(await client.next("third")).toMatchObject({ third: { azp: clientId } });

  await client.next("reached");
  await restarted[Symbol.asyncDispose]();
  client.say();
  expect(await client.next("error")).toMatchObject({ error: expect.stringContaining("No connection") });
  await client.ended;
  expect(client.errors()).toContain("begins it again");
  expect(client.errors()).not.toMatch(/eyJ/);
});

it("a client and a server of revision 2026-07-28 work through azid mcp, with headers, cancellation and subscriptions", async () => {
  await using server = await world.startServer("server-v2");
  await using client = world.startClient("client-v2", server.port);

  expect(await client.next("unlisted")).toMatchObject({
    unlisted: { region: "eu", headers: { "mcp-method": "tools/call", "mcp-name": "query", "mcp-param-region": "eu" } },
  });
  expect(await client.next("listed")).toMatchObject({
    tools: ["query", "hang"],
    listed: { region: "日本", headers: { "mcp-param-region": "=?base64?5pel5pys?=" } },
  });

  await client.next("reached");
  await server.next("hanging");
  client.say();
  expect(await server.next("cancelled")).toEqual({ cancelled: true });

  await client.next("reached");
  server.say();
  expect(await client.next("changed")).toEqual({ changed: 2 });
  await client.ended;
});

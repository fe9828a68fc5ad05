/**
 * docs/recipes/ai.md, "MCP": a client of the official SDK against a server of it that checks each
 * token.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerCertificate } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClientRecipe, testConnections, testOutage, testRefusal, testSilence } from "./client-suite.ts";
import type { World } from "./world.ts";

const scope = "https://management.azure.com/.default";
const audience = "https://management.azure.com";

/** A server with one tool. */
async function startMcp(
  { folder }: World,
  { certificate, key }: ServerCertificate,
  accepts: (token: string) => boolean,
): Promise<Server> {
  const sdk = `${folder}/node_modules/@modelcontextprotocol`;
  const { createMcpHandler, McpServer } = await import(`${sdk}/server/dist/index.mjs`);
  const { toNodeHandler } = await import(`${sdk}/node/dist/index.mjs`);
  const handle = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: "orders", version: "1.0.0" });
      server.registerTool("greet", { description: "Greets" }, () => ({ content: [{ type: "text", text: "Hello" }] }));
      return server;
    }),
  );
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (accepts(token)) return handle(request, response);
    response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end("The token is not valid.");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

export function testMcp(world: () => World): void {
  let server: Server;
  let known: string;
  beforeAll(async () => {
    known = world().emulator.application.clientId;
    const { emulator, verify } = world();
    server = await startMcp(world(), emulator.serverCertificate, (token) => verify(token, audience) === known);
  });
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
  });
  const url = () => `https://localhost:${(server.address() as AddressInfo).port}/mcp`;

  const recipe: ClientRecipe = {
    codeWithoutToken: "invalid-client-secret",
    async createClient(identity, user = world().emulator.application.clientId) {
      known = user;
      const { connectMcp } = await world().load("mcp-client");
      const { namePrincipal, refused } = await world().load("name-principal");
      const connect = () => connectMcp(identity, url(), scope).catch(namePrincipal(identity, scope, refused.mcp));
      return {
        async openAtOnce(count) {
          const clients = await Promise.all(Array.from({ length: count }, connect));
          for (const client of clients) {
            expect(await client.callTool({ name: "greet" })).toMatchObject({ content: [{ text: "Hello" }] });
            await client.close();
          }
        },
        async end() {
          known = world().emulator.application.clientId;
        },
      };
    },
  };
  testConnections(world, () => recipe);
  testOutage(world, () => recipe);
  testRefusal(world, () => recipe);
  testSilence(
    world,
    async (certificate, accepts) => {
      const silent = await startMcp(world(), certificate, accepts);
      return {
        port: (silent.address() as AddressInfo).port,
        async [Symbol.asyncDispose]() {
          silent.close();
          silent.closeAllConnections();
        },
      };
    },
    async (identity, port, timeout) => {
      const { connectMcp } = await world().load("mcp-client");
      await (await connectMcp(identity, `https://localhost:${port}/mcp`, scope, { timeout })).close();
    },
  );

  it("a client that is connected sends a token that is valid with each request, for two hours", async () => {
    await using identity = world().createIdentity();
    const { connectMcp } = await world().load("mcp-client");
    const client = await connectMcp(identity, url(), scope);
    try {
      for (let halfHours = 0; halfHours < 4; halfHours++) {
        await client.callTool({ name: "greet" });
        world().advance(1_800_000);
      }
    } finally {
      await client.close();
    }
  });
}

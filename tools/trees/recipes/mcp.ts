/** docs/recipes/ai.md, "MCP": a client of the official SDK against a server of it that checks each token. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClientRecipe, testConnections } from "./client-suite.ts";
import type { World } from "./world.ts";

const scope = "https://management.azure.com/.default";
const audience = "https://management.azure.com";

/** A server with one tool, behind a check of the token. */
async function startMcp({ emulator, folder, verify }: World): Promise<Server> {
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
  const { certificate, key } = emulator.serverCertificate;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (verify(token, audience) === emulator.application.clientId) return handle(request, response);
    response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end("The token is not valid.");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

export function testMcp(world: () => World): void {
  let server: Server;
  beforeAll(async () => {
    server = await startMcp(world());
  });
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
  });
  const url = () => `https://localhost:${(server.address() as AddressInfo).port}/mcp`;

  const recipe: ClientRecipe = {
    codeWithoutToken: "invalid-client-secret",
    async createClient(identity) {
      const { connectMcp } = await world().load("mcp-client");
      return {
        async openAtOnce(count) {
          const clients = await Promise.all(Array.from({ length: count }, () => connectMcp(identity, url(), scope)));
          for (const client of clients) {
            expect(await client.callTool({ name: "greet" })).toMatchObject({ content: [{ text: "Hello" }] });
            await client.close();
          }
        },
        end: async () => undefined,
      };
    },
  };
  testConnections(world, () => recipe);

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

  it("the error of a refused token shows no token", async () => {
    await using identity = world().createIdentity();
    const { connectMcp } = await world().load("mcp-client");
    const error = await connectMcp(identity, url(), "https://vault.azure.net/.default").then(
      () => expect.unreachable(),
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ name: "UnauthorizedError" });
    expect(inspect(error, { depth: 10 })).not.toContain("eyJ");
  });
}

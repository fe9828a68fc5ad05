import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen, type Service } from "./listen.ts";
import type { Verify } from "./verify.ts";

/** A remote MCP server with one tool. */
export function startOrders(verify: Verify): Promise<Service> {
  let count = 41;
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "orders", version: "1.0.0" });
    const inputSchema = z.object({ region: z.string() });
    server.registerTool("count_orders", { description: "How many orders a region has", inputSchema }, () => {
      count++;
      return { content: [{ type: "text", text: String(count) }] };
    });
    return server;
  });
  const handle = toNodeHandler(handler);
  return listen(verify, (request, response) => void handle(request, response));
}

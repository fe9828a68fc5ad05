/** Revision 2026-07-28: no sessions, headers that mirror the message, subscriptions. */
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "./listen.mjs";

const text = (value) => ({ content: [{ type: "text", text: JSON.stringify(value) }] });
let received;

const handler = createMcpHandler(
  () => {
    const server = new McpServer(
      { name: "orders", version: "2.0.0" },
      { capabilities: { tools: { listChanged: true } } },
    );
    const region = z.string().meta({ "x-mcp-header": "Region" });
    server.registerTool("query", { description: "Mirrors a parameter", inputSchema: z.object({ region }) }, (args) =>
      text({ ...args, headers: received }),
    );
    server.registerTool(
      "hang",
      { description: "Ends when it is cancelled", inputSchema: z.object({}) },
      async (_, context) => {
        console.log(JSON.stringify({ hanging: true }));
        await new Promise((resolve) => context.mcpReq.signal.addEventListener("abort", resolve, { once: true }));
        console.log(JSON.stringify({ cancelled: true }));
        return text("cancelled");
      },
    );
    return server;
  },
  { legacy: "reject" },
);
const serve = toNodeHandler(handler);

process.stdin.on("data", () => handler.notify.toolsChanged());
listen((request, response) => {
  const { authorization: _, ...headers } = request.headers;
  received = headers;
  return serve(request, response);
});

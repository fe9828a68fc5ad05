/** Sessions, resumable streams, requests of the server: the revisions up to 2025-11-25. */
import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { claimsOf, listen } from "./listen.mjs";

/** Events in the order in which they were stored. */
function createEventStore() {
  const events = [];
  return {
    async storeEvent(streamId, message) {
      events.push({ streamId, message });
      return String(events.length);
    },
    async replayEventsAfter(lastEventId, { send }) {
      const { streamId } = events[Number(lastEventId) - 1];
      for (const [index, event] of events.entries())
        if (index >= Number(lastEventId) && event.streamId === streamId) await send(String(index + 1), event.message);
      return streamId;
    },
  };
}

const text = (value) => ({ content: [{ type: "text", text: JSON.stringify(value) }] });

function createMcpServer() {
  const server = new McpServer({ name: "orders", version: "1.0.0" }, { capabilities: { logging: {} } });
  server.registerTool("whoami", { description: "Whose token" }, (extra) =>
    text(claimsOf(extra.requestInfo.headers.authorization)),
  );
  server.registerTool("broken-off", { description: "Closes its stream before the result" }, async (extra) => {
    await extra.sendNotification({ method: "notifications/message", params: { level: "info", data: "before" } });
    extra.closeSSEStream();
    await new Promise((resolve) => setImmediate(resolve));
    return text("resumed");
  });
  server.registerTool("ask", { description: "Asks the client" }, async () => {
    const answer = await server.server.createMessage({
      messages: [{ role: "user", content: { type: "text", text: "?" } }],
      maxTokens: 10,
    });
    return text(answer.content);
  });
  return server;
}

const transports = new Map();

async function open() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: createEventStore(),
    retryInterval: 10,
    onsessioninitialized: (id) => void transports.set(id, transport),
  });
  await createMcpServer().connect(transport);
  return transport;
}

listen(async (request, response) => {
  const id = request.headers["mcp-session-id"];
  const transport = id === undefined ? await open() : transports.get(id);
  if (transport !== undefined) return transport.handleRequest(request, response);
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_001, message: "Session not found" } }));
});

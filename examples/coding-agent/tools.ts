import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** The command `azid` that this example depends on; on your machine it is `azid`. */
const azid = fileURLToPath(new URL("dist/main.js", import.meta.resolve("@azidentity/cli/package.json")));

/**
 * The tools of a remote MCP server. The client speaks with `azid mcp`, which adds the token; it
 * knows nothing of OAuth.
 */
export async function connectTools(url: string, scope: string, env: Record<string, string>): Promise<Client> {
  const client = new Client({ name: "coding-agent", version: "1.0.0" });
  const args = [azid, "mcp", url, "--scope", scope, "--no-config"];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
  return client;
}

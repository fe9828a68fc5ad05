/**
 * A client of the revisions up to 2025-11-25. Argument: the command of azid, as JSON. Waits where
 * the server is restarted.
 */
import { once } from "node:events";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CreateMessageRequestSchema, LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const [command, ...args] = JSON.parse(process.argv[2]);
const client = new Client({ name: "judge", version: "1.0.0" }, { capabilities: { sampling: {} } });
const messages = [];
client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void messages.push(params.data));
client.setRequestHandler(CreateMessageRequestSchema, async () => ({
  model: "none",
  role: "assistant",
  content: { type: "text", text: "answered" },
}));
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" }));

const call = async (name) => JSON.parse((await client.callTool({ name, arguments: {} })).content[0].text);
const say = (value) => console.log(JSON.stringify(value));
const next = async (reached) => {
  say({ reached });
  await once(process.stdin, "data");
};

const { tools } = await client.listTools();
say({ tools: tools.map(({ name }) => name), first: await call("whoami") });
say({ resumed: await call("broken-off"), messages, asked: await call("ask") });
await next("revoke");
say({ second: await call("whoami") });
await next("restart");
say({ third: await call("whoami") });
await next("gone");
say({ error: await call("whoami").catch(({ message }) => message) });
await client.close();
process.exit();

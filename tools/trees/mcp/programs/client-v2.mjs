/** A client of revision 2026-07-28. Argument: the command of azid, as JSON. */
import { once } from "node:events";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [command, ...args] = JSON.parse(process.argv[2]);
const say = (value) => console.log(JSON.stringify(value));
const { promise: isChanged, resolve } = Promise.withResolvers();
const client = new Client(
  { name: "judge", version: "2.0.0" },
  {
    versionNegotiation: { mode: { pin: "2026-07-28" } },
    listChanged: { tools: { onChanged: (_, tools) => resolve(tools) } },
  },
);
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" }));

const call = async (name, values, options) =>
  JSON.parse((await client.callTool({ name, arguments: values }, options)).content[0].text);
// before tools/list, so that azid has to ask for the headers itself
say({ unlisted: await call("query", { region: "eu" }) });
const { tools } = await client.listTools();
say({ tools: tools.map(({ name }) => name), listed: await call("query", { region: "日本" }) });
const controller = new AbortController();
const hanging = call("hang", {}, { signal: controller.signal }).catch(({ message }) => message);
say({ reached: "hang" });
await once(process.stdin, "data");
controller.abort();
await hanging;
say({ reached: "notify" });
say({ changed: (await isChanged).length });
await client.close();
process.exit();

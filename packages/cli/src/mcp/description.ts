import { identityOptions } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const mcpCommand: CommandDescription = {
  name: "mcp",
  summary: "connect an MCP client to a remote server, with a token",
  details:
    "An MCP client starts it as a server over standard input and output. Every message goes to the URL, over Streamable HTTP, with a token for --scope that is renewed in time. The token goes to this URL alone: redirects are not followed, and what a server says about scopes, tenants and authorities has no effect.",
  arguments: [{ name: "<url>", meaning: "endpoint of the server: https:, or http: on this machine" }],
  options: [
    { flags: "-s, --scope <scope>", meaning: "what the token is for", repeatable: true, required: true },
    ...identityOptions,
    { flags: "--header <header>", meaning: 'a header for the server: "Name: value"', repeatable: true },
  ],
  examples: [
    {
      command: "azid mcp https://mcp.contoso.com/mcp --scope api://contoso-mcp/.default",
      meaning: "the command and arguments of a server in the settings of an MCP client",
    },
  ],
  load: () => import("./command.ts"),
};

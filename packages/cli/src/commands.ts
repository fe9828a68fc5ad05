import { identityOptions, jsonOption } from "./command-line/common-options.ts";
import type { CommandDescription, CommandGroup, Example } from "./command-line/description.ts";
import { serveCommand } from "./serve/description.ts";

export const summary = "Tokens for every program on this machine, and who you are and why.";

/** What most readers of the first help page want. */
export const examples: readonly Example[] = [
  { command: "azid token --scope https://storage.azure.com/.default", meaning: "print a token" },
  {
    command: "azid serve --allow https://storage.azure.com/.default",
    meaning: "give tokens to containers and other programs",
  },
];

/** Commands that share their first word. */
export const groups: readonly CommandGroup[] = [
  { name: "config", summary: "look at the config of a project" },
  { name: "plugin", summary: "write a plugin, and check one" },
];

/** All commands, in the order in which help lists them. */
export const commands: readonly CommandDescription[] = [
  {
    name: "token",
    summary: "print a token for another program",
    details:
      "A scope is a resource with /.default, such as https://storage.azure.com/.default. For git, docker and npm the token goes to the hosts of --host alone, and over https alone.",
    arguments: [{ name: "[action]", meaning: "of a credential helper", choices: ["get", "store", "erase", "list"] }],
    options: [
      { flags: "-s, --scope <scope>", meaning: "what the token is for", repeatable: true },
      {
        flags: "--as <format>",
        meaning: "how it is printed",
        choices: ["raw", "json", "header", "env", "exec-credential", "git", "docker", "npm"],
        default: "raw",
      },
      ...identityOptions,
      { flags: "--claims <json>", meaning: "claims of a challenge that the token has to satisfy" },
      { flags: "--host <host>", meaning: "with git, docker and npm: a host that gets the token", repeatable: true },
      { flags: "--variable <name>", meaning: "with env: the variable (default: AZURE_ACCESS_TOKEN)" },
    ],
    examples: [
      { command: "azid token --scope https://storage.azure.com/.default", meaning: "print a token" },
      {
        command:
          "azid token --scope https://graph.microsoft.com --source azure-cli --as header | curl -H @- https://graph.microsoft.com/v1.0/me",
        meaning: "call an API as the user of the Azure CLI",
      },
      {
        command:
          "git config --global credential.https://dev.azure.com.helper '!azid token --as git --host dev.azure.com'",
        meaning: "sign git in to Azure Repos",
      },
      {
        command:
          "kubectl config set-credentials me --exec-api-version=client.authentication.k8s.io/v1 --exec-command=azid --exec-arg=token --exec-arg=--as=exec-credential --exec-interactive-mode=IfAvailable",
        meaning: "sign kubectl in to Azure Kubernetes Service",
      },
    ],
    load: () => import("./token/command.ts"),
  },
  serveCommand,
  {
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
    load: () => import("./mcp/command.ts"),
  },
  {
    name: "trust",
    summary: "trust the code that the config of this folder names",
    details:
      "A config that is a program, and one that names plugins of the project, programs or addresses, is used only after it was trusted. Trust ends when the config or a file that it names changes.",
    options: [
      {
        flags: "--config <file>",
        meaning: "config file (default: that of this folder or of one above it)",
        kind: "file",
      },
      { flags: "-y, --yes", meaning: "trust it without a question" },
      { flags: "--list", meaning: "list the configs that are trusted" },
      { flags: "--forget", meaning: "trust it no longer" },
    ],
    examples: [
      { command: "azid trust", meaning: "show what the config would run, and ask" },
      { command: "azid trust --list", meaning: "list the configs that are trusted" },
    ],
    load: () => import("./trust/command.ts"),
  },
  {
    name: "config schema",
    summary: "print the JSON Schema of a config, for editors",
    examples: [
      {
        command: "azid config schema > azidentity.schema.json",
        meaning: 'write the file that "$schema": "./azidentity.schema.json" of a config names',
      },
    ],
    load: () => import("./config/schema-command.ts"),
  },
  {
    name: "doctor",
    summary: "find out which identity works here, and what to do if none does",
    options: [
      { flags: "-s, --scope <scope>", meaning: "what tokens are asked for (default: Azure Resource Manager)" },
      ...identityOptions,
      { flags: "--verbose", meaning: "list the sources of other platforms one by one" },
      jsonOption,
    ],
    examples: [
      { command: "azid doctor", meaning: "the most likely cause and its command first" },
      { command: "azid doctor --json", meaning: "the same for a program" },
    ],
    load: () => import("./doctor/command.ts"),
  },
  {
    name: "whoami",
    summary: "say whose token a program would get, without showing it",
    options: [
      { flags: "-s, --scope <scope>", meaning: "what the token is for (default: Azure Resource Manager)" },
      ...identityOptions,
      jsonOption,
    ],
    examples: [
      { command: "azid whoami", meaning: "the principal of the default chain" },
      { command: "azid whoami --source azure-cli --json", meaning: "the user of the Azure CLI, for a program" },
    ],
    load: () => import("./whoami/command.ts"),
  },
  {
    name: "explain",
    summary: "show what each source of the chain answers, and why the next one is tried",
    options: [
      { flags: "-s, --scope <scope>", meaning: "what the token is for (default: Azure Resource Manager)" },
      ...identityOptions,
      jsonOption,
    ],
    examples: [
      { command: "azid explain --scope https://vault.azure.net/.default", meaning: "the walk for a key vault" },
      { command: "azid explain --source managed-identity", meaning: "one source alone" },
    ],
    load: () => import("./explain/command.ts"),
  },
  {
    name: "init",
    summary: "write a config for the project of this folder",
    details:
      "Asks who signs in and where tokens are kept. It installs nothing without asking, and never replaces a config unasked.",
    arguments: [{ name: "[folder]", meaning: "folder of the project (default: this one)", kind: "folder" }],
    options: [
      { flags: "-y, --yes", meaning: "ask nothing: the options say all" },
      { flags: "--format <format>", meaning: "kind of the config (default: mts)", choices: ["mts", "json"] },
      {
        flags: "--plugin <name>",
        meaning: "who signs in (default: managed-identity and dev-tools)",
        repeatable: true,
        choices: ["managed-identity", "dev-tools", "entra", "users", "broker", "cache-persist"],
      },
      { flags: "-t, --tenant <tenant>", meaning: "tenant id or domain" },
      { flags: "--cloud <cloud>", meaning: "cloud (default: public)", choices: ["public", "government", "china"] },
      {
        flags: "--store <store>",
        meaning: "where tokens are kept (default: none)",
        choices: ["none", "file", "redis"],
      },
      { flags: "--install", meaning: "install the packages that are missing" },
      { flags: "--force", meaning: "replace a config that is there" },
    ],
    examples: [
      { command: "azid init", meaning: "a few questions" },
      {
        command: "azid init --yes --format json --plugin managed-identity --plugin dev-tools --store file",
        meaning: "without a question",
      },
    ],
    load: () => import("./init/command.ts"),
  },
  {
    name: "plugin new",
    summary: "write a plugin with one source, and its test",
    arguments: [{ name: "<name>", meaning: "such as team-broker, or @contoso/azidentity-team-broker" }],
    options: [{ flags: "--folder <folder>", meaning: "folder to write (default: azidentity-NAME)", kind: "folder" }],
    examples: [{ command: "azid plugin new team-broker", meaning: "a plugin in the folder azidentity-team-broker" }],
    load: () => import("./plugin/new/command.ts"),
  },
  {
    name: "plugin verify",
    summary: "check the shape, the package and the contract of a plugin",
    details:
      "The plugin runs, so it has to be trusted before. Tests of the contract that need a service which answers are left to the plugin's own tests.",
    arguments: [{ name: "[path]", meaning: "folder or module of the plugin (default: this folder)", kind: "file" }],
    options: [
      {
        flags: "--options <file>",
        meaning: "JSON with options by source, for those that cannot be guessed",
        kind: "file",
      },
      jsonOption,
    ],
    examples: [
      { command: "azid plugin verify", meaning: "the plugin in this folder" },
      { command: "azid plugin verify ./src/index.ts --json", meaning: "a module, for a program" },
    ],
    load: () => import("./plugin/verify/command.ts"),
  },
  {
    name: "migrate",
    summary: "say what a switch from @azure/identity to the drop-in takes",
    details:
      "Reads the lockfile and the code of a project, and changes nothing: who asks for which range, what has to be overridden with the lines to type, and what in the code behaves differently.",
    arguments: [{ name: "[folder]", meaning: "folder of the project (default: this one)", kind: "folder" }],
    options: [{ flags: "--check", meaning: "look, and change nothing", required: true }, jsonOption],
    examples: [
      { command: "azid migrate --check", meaning: "check the project of this folder" },
      { command: "azid migrate --check --json | jq .steps", meaning: "print what has to be typed, for a program" },
    ],
    load: () => import("./migrate/command.ts"),
  },
];

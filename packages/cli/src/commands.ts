import { identityOptions } from "./command-line/common-options.ts";
import type { CommandDescription, CommandGroup, Example } from "./command-line/description.ts";

export const summary = "Tokens for every program on this machine, and who you are and why.";

/** What most readers of the first help page want. */
export const examples: readonly Example[] = [
  { command: "azid token --scope https://storage.azure.com/.default", meaning: "print a token" },
];

/** Commands that share their first word. */
export const groups: readonly CommandGroup[] = [{ name: "config", summary: "look at the config of a project" }];

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
];

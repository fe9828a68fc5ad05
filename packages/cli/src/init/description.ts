import type { CommandDescription } from "../command-line/description.ts";

export const initCommand: CommandDescription = {
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
  load: () => import("./command.ts"),
};

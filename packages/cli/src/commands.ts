import type { CommandDescription, CommandGroup, Example } from "./command-line/description.ts";

export const summary = "Tokens for every program on this machine, and who you are and why.";

/** What most readers of the first help page want. */
export const examples: readonly Example[] = [
  { command: "azid config schema > azidentity.schema.json", meaning: "have an editor complete the config" },
];

/** Commands that share their first word. */
export const groups: readonly CommandGroup[] = [{ name: "config", summary: "look at the config of a project" }];

/** All commands, in the order in which help lists them. */
export const commands: readonly CommandDescription[] = [
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

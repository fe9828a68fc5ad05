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

import { jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const pluginCommands: readonly CommandDescription[] = [
  {
    name: "plugin new",
    summary: "write a plugin with one source, and its test",
    arguments: [{ name: "<name>", meaning: "such as team-broker, or @contoso/azidentity-team-broker" }],
    options: [{ flags: "--folder <folder>", meaning: "folder to write (default: azidentity-NAME)", kind: "folder" }],
    examples: [{ command: "azid plugin new team-broker", meaning: "a plugin in the folder azidentity-team-broker" }],
    load: () => import("./new/command.ts"),
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
    load: () => import("./verify/command.ts"),
  },
];

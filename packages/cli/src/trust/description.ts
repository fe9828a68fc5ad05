import type { CommandDescription } from "../command-line/description.ts";

export const trustCommand: CommandDescription = {
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
  load: () => import("./command.ts"),
};

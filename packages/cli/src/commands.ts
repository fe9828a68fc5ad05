import { cacheCommands } from "./cache/description.ts";
import type { CommandDescription, CommandGroup, CommandSection, Example } from "./command-line/description.ts";
import { completionCommand } from "./completion/description.ts";
import { configCommands } from "./config/description.ts";
import { doctorCommand } from "./doctor/description.ts";
import { emulateCommand } from "./emulate/description.ts";
import { explainCommand } from "./explain/description.ts";
import { initCommand } from "./init/description.ts";
import { mcpCommand } from "./mcp/description.ts";
import { migrateCommand } from "./migrate/description.ts";
import { pluginCommands } from "./plugin/description.ts";
import { serveCommand } from "./serve/description.ts";
import { tokenCommand } from "./token/description.ts";
import { trustCommand } from "./trust/description.ts";
import { whoamiCommand } from "./whoami/description.ts";

export const summary = "Tokens for every program on this machine, and who you are and why.";

/** What most readers of the first help page want. */
export const examples: readonly Example[] = [
  { command: "azid doctor", meaning: "find out which identity works here, and what to do if none does" },
  { command: "azid token --scope https://storage.azure.com", meaning: "print a token" },
  {
    command: "azid serve --allow https://storage.azure.com/.default",
    meaning: "give tokens to containers and other programs",
  },
];

/** Commands that share their first word. */
export const groups: readonly CommandGroup[] = [
  { name: "config", summary: "look at the config of a project" },
  { name: "cache", summary: "look at the token store, and clear it" },
  { name: "plugin", summary: "write a plugin, and check one" },
];

/** All commands as help lists them, by use; each is described in the folder that has it. */
export const sections: readonly CommandSection[] = [
  { heading: "Tokens:", commands: [tokenCommand, serveCommand, mcpCommand] },
  { heading: "Diagnosis:", commands: [whoamiCommand, doctorCommand, explainCommand] },
  {
    heading: "Projects:",
    commands: [initCommand, trustCommand, ...configCommands, ...cacheCommands, ...pluginCommands],
  },
  { heading: "More:", commands: [migrateCommand, emulateCommand, completionCommand(() => ({ groups, commands }))] },
];

export const commands: readonly CommandDescription[] = sections.flatMap((section) => section.commands);

import { configOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const cacheCommands: readonly CommandDescription[] = [
  {
    name: "cache list",
    summary: "list what the token store has",
    options: [jsonOption, ...configOptions],
    examples: [{ command: "azid cache list", meaning: "whose tokens are stored, for what, and until when" }],
    load: () => import("./list-command.ts"),
  },
  {
    name: "cache clear",
    summary: "delete the tokens of the token store",
    details: "Programs request new tokens when they need them. Users stay signed in, unless --sign-ins is there.",
    options: [
      { flags: "--only <source>", meaning: "delete the tokens of this source alone" },
      { flags: "--sign-ins", meaning: "sign the users out, too: deletes their refresh tokens" },
      ...configOptions,
    ],
    examples: [
      { command: "azid cache clear", meaning: "delete all tokens" },
      { command: "azid cache clear --only azure-cli", meaning: "delete the tokens of the Azure CLI's user" },
    ],
    load: () => import("./clear-command.ts"),
  },
  {
    name: "cache where",
    summary: "show where the token store is, and whether it works",
    options: [jsonOption, ...configOptions],
    examples: [{ command: "azid cache where", meaning: "folder or server, and what has the key" }],
    load: () => import("./where-command.ts"),
  },
];

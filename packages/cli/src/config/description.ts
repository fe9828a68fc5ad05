import { configOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const configCommands: readonly CommandDescription[] = [
  {
    name: "config print",
    summary: "print the config that is in force",
    details: "With the layers of variables and the profile. References stay references; secrets are not shown.",
    options: [...configOptions],
    examples: [{ command: "azid config print", meaning: "which settings hold in this folder" }],
    load: () => import("./print-command.ts"),
  },
  {
    name: "config validate",
    summary: "check the config, its plugins and its sources",
    details: "No token is requested. The exit code is 5 when something is wrong.",
    options: [jsonOption, ...configOptions],
    examples: [{ command: "azid config validate", meaning: "check the config of this folder, for example in CI" }],
    load: () => import("./validate-command.ts"),
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
    load: () => import("./schema-command.ts"),
  },
];

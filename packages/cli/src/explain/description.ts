import { identityOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const explainCommand: CommandDescription = {
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
  load: () => import("./command.ts"),
};

import { identityOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const whoamiCommand: CommandDescription = {
  name: "whoami",
  summary: "say whose token a program would get, without showing it",
  options: [
    { flags: "-s, --scope <scope>", meaning: "what the token is for (default: Azure Resource Manager)" },
    ...identityOptions,
    jsonOption,
  ],
  examples: [
    { command: "azid whoami", meaning: "the principal of the default chain" },
    { command: "azid whoami --source azure-cli --json", meaning: "the user of the Azure CLI, for a program" },
  ],
  load: () => import("./command.ts"),
};

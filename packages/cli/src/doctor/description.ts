import { identityOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const doctorCommand: CommandDescription = {
  name: "doctor",
  summary: "find out which identity works here, and what to do if none does",
  options: [
    { flags: "-s, --scope <scope>", meaning: "what tokens are asked for (default: Azure Resource Manager)" },
    ...identityOptions,
    { flags: "--verbose", meaning: "list the sources of other platforms one by one" },
    jsonOption,
  ],
  examples: [
    { command: "azid doctor", meaning: "the most likely cause and its command first" },
    { command: "azid doctor --json", meaning: "the same for a program" },
  ],
  load: () => import("./command.ts"),
};

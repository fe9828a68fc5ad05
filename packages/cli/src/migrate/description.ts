import { jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const migrateCommand: CommandDescription = {
  name: "migrate",
  summary: "say what a switch from @azure/identity to the drop-in takes",
  details:
    "Reads the lockfile and the code of a project, and changes nothing: who asks for which range, what has to be overridden with the lines to type, and what in the code behaves differently.",
  arguments: [{ name: "[folder]", meaning: "folder of the project (default: this one)", kind: "folder" }],
  options: [{ flags: "--check", meaning: "look, and change nothing", required: true }, jsonOption],
  examples: [
    { command: "azid migrate --check", meaning: "check the project of this folder" },
    { command: "azid migrate --check --json | jq .steps", meaning: "print what has to be typed, for a program" },
  ],
  load: () => import("./command.ts"),
};

import { jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";
import { presets } from "./presets.ts";

export const emulateCommand: CommandDescription = {
  name: "emulate",
  summary: "start an emulator of Microsoft Entra ID, for tests without a cloud",
  details:
    "Prints the environment that programs need to use it, and the address of a page that shows applications, users and requests live. With a command after --, runs that with the environment, and ends with it. Needs the package @azidentity/emulator.",
  options: [
    { flags: "--port <port>", meaning: "port of the page (default: one that is free)" },
    {
      flags: "--preset <name>",
      meaning: "where programs believe to run",
      choices: presets,
      default: "service-principal",
    },
    jsonOption,
  ],
  rest: "command and its arguments",
  examples: [
    { command: "azid emulate", meaning: "an emulator until Ctrl-C" },
    { command: "azid emulate -- npm test", meaning: "run tests with it" },
    {
      command: "azid emulate --preset app-service -- node main.js",
      meaning: "a program that believes to run on App Service",
    },
  ],
  load: () => import("./command.ts"),
};

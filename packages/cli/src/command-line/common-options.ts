import type { OptionDescription } from "./description.ts";

/** Result as JSON, for commands whose result has fields. */
export const jsonOption: OptionDescription = { flags: "--json", meaning: "print JSON" };

/** Which config a command uses. */
export const configOptions: readonly OptionDescription[] = [
  {
    flags: "--config <file>",
    meaning: "config file (default: AZIDENTITY_CONFIG, else that of this folder or of one above it)",
    kind: "file",
  },
  { flags: "--no-config", meaning: "use no config file, and the official plugins alone" },
];

/** Which identity a command uses. */
export const identityOptions: readonly OptionDescription[] = [
  { flags: "-t, --tenant <tenant>", meaning: "tenant id or domain of the token" },
  { flags: "--source <name>", meaning: "use this credential source alone, such as azure-cli" },
  { flags: "--chain <name>", meaning: "use this chain of the config" },
  ...configOptions,
];

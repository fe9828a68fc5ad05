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

/** Sources that people choose by name, of the official plugins. */
export const sourceNames: readonly string[] = [
  ...["azure-cli", "azure-powershell", "azure-developer-cli", "visual-studio-code", "broker"],
  ...["environment", "workload-identity", "managed-identity", "github-actions", "azure-pipelines"],
  ...["client-secret", "client-certificate", "federated", "interactive-browser", "device-code"],
  ...["exec", "relay", "azd-host", "sidecar"],
];

/** Which identity a command uses. */
export const identityOptions: readonly OptionDescription[] = [
  { flags: "-t, --tenant <tenant>", meaning: "tenant id or domain of the token" },
  {
    flags: "--source <name>",
    meaning: "use this credential source alone, such as azure-cli",
    suggestions: sourceNames,
  },
  { flags: "--chain <name>", meaning: "use this chain of the config" },
  ...configOptions,
];

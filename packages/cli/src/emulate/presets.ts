/** What the environment of a program looks like: those of the emulator's `env`. */
export const presets = [
  "service-principal",
  "github-actions",
  "azure-pipelines",
  "imds",
  "app-service",
  "functions",
  "container-apps",
  "container-instances",
  "azure-arc",
  "cloud-shell",
  "service-fabric",
  "azure-ml",
  "workload-identity",
  "azd-host",
  "sidecar",
  "relay",
] as const;

export type Preset = (typeof presets)[number];

const withoutHost: readonly Preset[] = ["service-principal", "github-actions", "azure-pipelines"];

/** The host that has to be started for a preset. */
export function hostsOf(preset: Preset): Readonly<Record<string, object>> | undefined {
  return withoutHost.includes(preset) ? undefined : { [preset]: {} };
}

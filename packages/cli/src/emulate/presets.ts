import type { EnvironmentPreset } from "@azidentity/emulator";

/**
 * What the environment of a program looks like: the presets of the emulator, and whether one is a
 * host that has to be started for it. The emulator need not be installed, so its names stand here,
 * too; its types hold them equal.
 */
const isHost: Readonly<Record<EnvironmentPreset, boolean>> = {
  "service-principal": false,
  "github-actions": false,
  "azure-pipelines": false,
  imds: true,
  "app-service": true,
  functions: true,
  "container-apps": true,
  "container-instances": true,
  "azure-arc": true,
  "cloud-shell": true,
  "service-fabric": true,
  "azure-ml": true,
  "workload-identity": true,
  "azd-host": true,
  sidecar: true,
  relay: true,
};

export const presets: readonly string[] = Object.keys(isHost);

/** The host that has to be started for a preset. */
export function hostsOf(preset: EnvironmentPreset): Readonly<Record<string, object>> | undefined {
  return isHost[preset] ? { [preset]: {} } : undefined;
}

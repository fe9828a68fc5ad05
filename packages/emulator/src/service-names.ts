/**
 * The managed-identity hosts of Azure, and other programs that give tokens to their neighbours, by
 * name.
 */
export const hostNames = [
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

/** All servers of the emulator, by name. */
export const serviceNames = ["entra", "key-vault", "api", "oidc", ...hostNames, "token-proxy"] as const;

export function isHostName(name: string): name is HostName {
  return (hostNames as readonly string[]).includes(name);
}

/** The name of a host. */
export type HostName = (typeof hostNames)[number];
/** The name of a server of the emulator. */
export type ServiceName = (typeof serviceNames)[number];

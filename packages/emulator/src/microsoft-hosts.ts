import { thisMachine } from "./http/certificates.ts";

/** The servers of the emulator that stand for hosts of Microsoft's. */
export type StandIn = "entra" | "key-vault";

/** Who answers for which of Microsoft's hosts, if a proxy sends them here. `*` stands for one label. */
export const microsoftHosts: readonly (readonly [host: string, standIn: StandIn])[] = [
  ["login.microsoftonline.com", "entra"],
  ["login.windows.net", "entra"],
  ["login.microsoft.com", "entra"],
  ["sts.windows.net", "entra"],
  ["*.login.microsoft.com", "entra"],
  ["login.microsoftonline.us", "entra"],
  ["login.usgovcloudapi.net", "entra"],
  ["login.partner.microsoftonline.cn", "entra"],
  ["login.chinacloudapi.cn", "entra"],
  ["management.azure.com", "entra"],
  ["management.core.windows.net", "entra"],
  ["graph.windows.net", "entra"],
  ["*.vault.azure.net", "key-vault"],
];

export function findStandIn(host: string): StandIn | undefined {
  const name = host.toLowerCase();
  const general = name.replace(/^[^.]+/, "*");
  return microsoftHosts.find(([known]) => known === name || known === general)?.[1];
}

/** The names that the emulator's certificate is good for: this machine, and Microsoft's. */
export const serverNames = [
  ...thisMachine,
  ...microsoftHosts.map(([value]) => ({ type: "dns" as const, value })),
] as const;

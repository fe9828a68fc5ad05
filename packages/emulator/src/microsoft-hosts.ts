import { thisMachine } from "./http/certificates.ts";

/** The emulator's services that a proxy serves under Microsoft's host names. */
export type ProxiedService = "entra" | "key-vault";

/** Microsoft's host names and the service that a proxy connects them to. `*` matches one label. */
export const microsoftHosts: readonly (readonly [host: string, service: ProxiedService])[] = [
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

export function findProxiedService(host: string): ProxiedService | undefined {
  const name = host.toLowerCase();
  const general = name.replace(/^[^.]+/, "*");
  return microsoftHosts.find(([known]) => known === name || known === general)?.[1];
}

/** The names in the emulator's certificate: loopback, and Microsoft's hosts. */
export const serverNames = [
  ...thisMachine,
  ...microsoftHosts.map(([value]) => ({ type: "dns" as const, value })),
] as const;

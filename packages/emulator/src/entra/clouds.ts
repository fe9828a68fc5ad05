/** A cloud as instance discovery describes it: its authority hosts are names of one service. */
export interface Cloud {
  readonly preferred_network: string;
  readonly preferred_cache: string;
  readonly aliases: readonly string[];
}

export const publicCloud: Cloud = {
  preferred_network: "login.microsoftonline.com",
  preferred_cache: "login.windows.net",
  aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
};

export const clouds: readonly Cloud[] = [
  publicCloud,
  {
    preferred_network: "login.partner.microsoftonline.cn",
    preferred_cache: "login.partner.microsoftonline.cn",
    aliases: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  },
  {
    preferred_network: "login.microsoftonline.us",
    preferred_cache: "login.microsoftonline.us",
    aliases: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  },
];

function cloudOf(host: string): Cloud | undefined {
  return clouds.find(({ aliases }) => aliases.some((alias) => host === alias || host.endsWith(`.${alias}`)));
}

/** The issuer of v2.0 tokens: the preferred name of the cloud, or the origin of the emulator. */
export function issuerOf(origin: string, tenantId: string): string {
  const cloud = cloudOf(new URL(origin).host);
  return `${cloud === undefined ? origin : `https://${cloud.preferred_network}`}/${tenantId}/v2.0`;
}

/**
 * The names that are valid in assertions for a host, which may be regional
 * (`{region}.login.microsoft.com`).
 */
export function aliasesOf(host: string): readonly string[] {
  return [host, ...(cloudOf(host)?.aliases ?? [])];
}

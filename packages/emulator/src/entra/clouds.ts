/** A cloud, as the clients know it: its authority hosts are names of one service. */
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

/** Who issues v2.0 tokens: the cloud's first name, whichever of its names the client has called; the emulator by its own. */
export function issuerOf(origin: string, tenantId: string): string {
  const cloud = cloudOf(new URL(origin).host);
  return `${cloud === undefined ? origin : `https://${cloud.preferred_network}`}/${tenantId}/v2.0`;
}

/** The names under which a host's assertions are good: all of its cloud, for a regional host (`{region}.login.microsoft.com`), too. */
export function aliasesOf(host: string): readonly string[] {
  return [host, ...(cloudOf(host)?.aliases ?? [])];
}

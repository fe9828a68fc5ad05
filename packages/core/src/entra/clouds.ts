/** The authority hosts of the clouds that Microsoft runs. Names and values of the Azure SDKs. */
export const AzureAuthorityHosts = {
  AzurePublicCloud: "https://login.microsoftonline.com",
  AzureGovernment: "https://login.microsoftonline.us",
  AzureChina: "https://login.chinacloudapi.cn",
  /** Closed in October 2021. */
  AzureGermany: "https://login.microsoftonline.de",
} as const;

/** A cloud that runs Microsoft Entra ID. */
export interface KnownCloud {
  /** Its name in a config's `cloud`. Absent: a config names it by its authority host. */
  readonly name?: "public" | "government" | "china";
  /** Its name in the Azure CLI, Azure PowerShell and the Azure Developer CLI. */
  readonly toolName?: string;
  /** Names of the same authority, as host names. Requests are sent to the first. */
  readonly hosts: readonly [string, ...string[]];
  /** The one of `hosts` under which the MSAL libraries file what they cache. Default: the first. */
  readonly cacheHost?: string;
  /** Audience of federated tokens. Default: `defaultTokenExchangeAudience`. */
  readonly tokenExchangeAudience?: string;
}

/** Audience of federated tokens in the public cloud, and in clouds that name no other. */
export const defaultTokenExchangeAudience = "api://AzureADTokenExchange";

/**
 * All known clouds. Their hosts need no instance discovery. Sources:
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud and, for the
 * audiences,
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const knownClouds: readonly KnownCloud[] = [
  {
    name: "public",
    toolName: "AzureCloud",
    hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    cacheHost: "login.windows.net",
  },
  {
    name: "government",
    toolName: "AzureUSGovernment",
    hosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
  },
  {
    name: "china",
    toolName: "AzureChinaCloud",
    hosts: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    cacheHost: "login.partner.microsoftonline.cn",
    tokenExchangeAudience: "api://AzureADTokenExchangeChina",
  },
  { toolName: "AzureGermanCloud", hosts: ["login.microsoftonline.de"] }, // closed in October 2021
  { hosts: ["login-us.microsoftonline.com"] },
  { hosts: ["login.sovcloud-identity.fr"] },
  { hosts: ["login.sovcloud-identity.de"] },
  { hosts: ["login.sovcloud-identity.sg"] },
];

/** The host of an authority that is given as a URL or as a host. */
export function authorityHostOf(authority: string): string {
  return URL.canParse(authority) ? new URL(authority).host : authority.toLowerCase();
}

/** The cloud that one of whose hosts this authority is; `undefined`: an unknown authority. */
export function knownCloudOf(authority: string): KnownCloud | undefined {
  const host = authorityHostOf(authority);
  return knownClouds.find(({ hosts }) => hosts.includes(host));
}

/** Whether two authorities belong to the same cloud. Unknown ones do if their hosts are equal. */
export function isSameCloud(left: string, right: string): boolean {
  if (authorityHostOf(left) === authorityHostOf(right)) return true;
  const cloud = knownCloudOf(left);
  return cloud !== undefined && cloud === knownCloudOf(right);
}

/**
 * All host names of an authority, the one first under which the MSAL libraries file what they
 * cache.
 */
export function authorityAliases(authority: string): readonly [string, ...string[]] {
  const { hosts, cacheHost } = knownCloudOf(authority) ?? { hosts: [authorityHostOf(authority)] as const };
  const first = cacheHost ?? hosts[0];
  return [first, ...hosts.filter((host) => host !== first)];
}

/**
 * Client id of the Azure CLI's application, which exists in every tenant. The Azure SDKs sign users
 * in to it, too, where no application is configured.
 */
export const developerClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

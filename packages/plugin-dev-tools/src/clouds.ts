/**
 * The clouds that Microsoft runs: the name in the tools, and the hosts of the authority; the first
 * one is the one that the tools use.
 */
const clouds = [
  { name: "AzureCloud", hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com"] },
  { name: "AzureUSGovernment", hosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"] },
  { name: "AzureChinaCloud", hosts: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"] },
  { name: "AzureGermanCloud", hosts: ["login.microsoftonline.de"] },
] as const;

function hostOf(authority: string): string {
  return URL.canParse(authority) ? new URL(authority).host : authority.toLowerCase();
}

const cloudAt = (host: string) => clouds.find(({ hosts }) => hosts.some((known) => known === host));

/** The authority of a cloud, by its name in the tools. */
export function authorityOfCloud(name: string): string | undefined {
  const cloud = clouds.find((known) => known.name.toLowerCase() === name.toLowerCase());
  return cloud && `https://${cloud.hosts[0]}`;
}

/**
 * The name in the tools of an authority's cloud; `undefined` if Microsoft does not run it.
 */
export function cloudName(authority: string): string | undefined {
  return cloudAt(hostOf(authority))?.name;
}

/** An authority for messages: the name of its cloud, and its host. */
export function describeAuthority(authority: string): string {
  const name = cloudName(authority);
  return name === undefined ? hostOf(authority) : `${name} (${hostOf(authority)})`;
}

export function isSameCloud(left: string, right: string): boolean {
  const [a, b] = [hostOf(left), hostOf(right)];
  return a === b || (cloudAt(a) !== undefined && cloudAt(a) === cloudAt(b));
}

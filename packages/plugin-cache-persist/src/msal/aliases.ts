/** Hosts of the same Entra, the one first under which the MSALs write. */
const clouds: readonly (readonly string[])[] = [
  ["login.windows.net", "login.microsoftonline.com", "login.microsoft.com", "sts.windows.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
];

/** All names of an authority's host, and so of the environment of what is cached for it. */
export function environmentsOf(authorityHost: string): readonly [string, ...string[]] {
  const host = URL.parse(authorityHost)?.host ?? authorityHost;
  return (clouds.find((hosts) => hosts.includes(host)) as [string, ...string[]] | undefined) ?? [host];
}

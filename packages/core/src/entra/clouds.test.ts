import { expect, it } from "vitest";
import { AzureAuthorityHosts, authorityAliases, isSameCloud, knownCloudOf, knownClouds } from "./clouds.ts";

it("each authority host of the Azure SDKs is the first host of a known cloud", () => {
  for (const authority of Object.values(AzureAuthorityHosts))
    expect(`https://${knownCloudOf(authority)?.hosts[0]}`).toBe(authority);
});

it("no host belongs to two clouds", () => {
  const hosts = knownClouds.flatMap((cloud) => cloud.hosts);
  expect(hosts).toEqual([...new Set(hosts)]);
});

it.each([
  ["https://login.microsoftonline.com", "https://STS.windows.net/contoso.com", true],
  ["login.microsoftonline.us", "https://login.usgovcloudapi.net", true],
  ["https://login.microsoftonline.com", "https://login.microsoftonline.us", false],
  ["https://login.contoso.example:8443", "https://login.contoso.example:8443/", true],
  ["https://login.contoso.example", "https://login.contoso.example:8443", false],
])("whether %s and %s belong to the same cloud is %s", (left, right, expected) => {
  expect(isSameCloud(left, right)).toBe(expected);
});

it.each([
  ["https://login.microsoftonline.com", "login.windows.net", 4],
  ["https://login.chinacloudapi.cn", "login.partner.microsoftonline.cn", 2],
  ["https://login.microsoftonline.us", "login.microsoftonline.us", 2],
  ["https://login.contoso.example:8443", "login.contoso.example:8443", 1],
])("the aliases of %s begin with %s, where the MSAL libraries file their entries", (authority, first, count) => {
  const aliases = authorityAliases(authority);
  expect([aliases[0], new Set(aliases).size, aliases.length]).toEqual([first, count, count]);
});

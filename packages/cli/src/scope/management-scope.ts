import { knownCloudOf } from "@azidentity/core/plugin";

/** Azure Resource Manager by cloud: the API for which every account can get a token. */
const resources: Readonly<Record<string, string>> = {
  public: "https://management.azure.com",
  government: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
};

/**
 * The scope of Azure Resource Manager, which commands use where a user names none.
 *
 * @param authorityHost that of the identity
 */
export function managementScope(authorityHost: string): string {
  return `${resources[knownCloudOf(authorityHost)?.name ?? "public"]}/.default`;
}

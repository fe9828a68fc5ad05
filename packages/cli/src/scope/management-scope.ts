import { knownCloudOf, type SourceContext } from "@azidentity/core/plugin";
import { checkScope } from "./check-scope.ts";

/** Azure Resource Manager by cloud: the API for which every account can get a token. */
const resources: Readonly<Record<string, string>> = {
  public: "https://management.azure.com",
  government: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
};

/** Makes the scope of a command, once the identity is known. */
export type ScopeOf = (context: Pick<SourceContext, "cloud">) => string;

/**
 * The scope that a user names, else that of Azure Resource Manager in the cloud of the identity.
 *
 * @param given the option of the command line
 * @throws {CommandError} `usage`, at once: the option is no scope
 */
export function scopeOrManagement(given: unknown): ScopeOf {
  if (typeof given === "string") {
    const scope = checkScope(given);
    return () => scope;
  }
  return ({ cloud }) => `${resources[knownCloudOf(cloud.authorityHost)?.name ?? "public"]}/.default`;
}

import type { JsonObject } from "../../http/message.ts";
import type { Authority } from "../authority.ts";

/** Who holds the password of a user: clients ask before they send it. The emulator's users are Entra's own. */
export function describeUserRealm({ tenants }: Authority, username: string): JsonObject {
  const name = username.toLowerCase();
  const isKnown = tenants.some(({ users }) => users.some((user) => user.username.toLowerCase() === name));
  const [, domain = ""] = name.split("@");
  return {
    ver: "1.0",
    account_type: isKnown ? "Managed" : "Unknown",
    ...(isKnown ? { domain_name: domain } : {}),
    cloud_instance_name: "microsoftonline.com",
    cloud_audience_urn: "urn:federation:MicrosoftOnline",
  };
}

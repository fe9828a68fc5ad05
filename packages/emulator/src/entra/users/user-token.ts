import { randomUUID } from "node:crypto";
import { issueAccessToken } from "../access-token.ts";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import type { Tenant } from "../directory.ts";

/** The options of {@link Emulator.issueUserToken}. */
export interface UserTokenOptions {
  /** Account name of the user. Default: `"ann@contoso.example"`. */
  readonly username?: string;
  /** Object id of the user. Default: a random GUID. */
  readonly objectId?: string;
  /** The delegated permissions (`scp`). Default: `"access_as_user"`. */
  readonly scope?: string;
}

/** Issues an access token of a user for an application of the directory. */
export async function issueUserToken(
  authority: Authority,
  api: { readonly tenant: Tenant; readonly application: Application; readonly origin: string },
  options: UserTokenOptions = {},
): Promise<string> {
  const { username = "ann@contoso.example", objectId = randomUUID(), scope = "access_as_user" } = options;
  const { tenant, application, origin } = api;
  const { access_token } = await issueAccessToken(authority, {
    tenant,
    client: { application, authMethod: "none" },
    resource: { audience: application.clientId, version: "2.0" },
    origin,
    cae: false,
    subject: { oid: objectId, sub: objectId, name: username, preferred_username: username, scp: scope },
  });
  return String(access_token);
}

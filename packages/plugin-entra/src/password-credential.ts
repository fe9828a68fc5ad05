import type { Credential, SourceContext } from "@azidentity/core/plugin";
import { checkApplicationTenant } from "./authority.ts";
import { acquireByPassword, type PasswordUser } from "./msal/user-grants.ts";
import { entraRetries } from "./retries.ts";

/** Signs a user in by username and password. */
export function createPasswordCredential(
  user: PasswordUser & { readonly tenantId: string },
  context: SourceContext,
): Credential {
  return {
    async getToken(request) {
      const tenantId = checkApplicationTenant(user.sourceName, request.tenantId ?? user.tenantId);
      const signIn = { ...request, tenantId, loginHint: undefined };
      return context.retry(entraRetries, async () => (await acquireByPassword(user, signIn, context)).issued, request);
    },
  };
}

import type { Credential, SourceContext } from "@azidentity/core/plugin";
import { checkApplicationTenant } from "./authority.ts";
import { acquireByPassword, type PasswordUser } from "./msal/username-password.ts";
import { entraRetries } from "./retries.ts";

/** Signs a user in by a password. */
export function createPasswordCredential(
  user: PasswordUser & { readonly tenantId: string },
  context: SourceContext,
): Credential {
  return {
    async getToken(request) {
      const tenantId = checkApplicationTenant(user.who, request.tenantId ?? user.tenantId);
      const asked = { ...request, tenantId, loginHint: undefined };
      return context.retry(entraRetries, async () => (await acquireByPassword(user, asked, context)).issued, request);
    },
  };
}

import type { Credential, SourceContext } from "@azidentity/core/plugin";
import type { Application } from "./application.ts";
import { checkApplicationRequest } from "./application-request.ts";
import { checkApplicationTenant } from "./authority.ts";
import { acquireForApplication } from "./msal/client-credentials.ts";
import { entraRetries } from "./retries.ts";

/** Signs an application in, as itself, with what `read` finds; `read` throws when that is not enough. */
export function createApplicationCredential(read: () => Application, context: SourceContext): Credential {
  return {
    async getToken(request) {
      const application = read();
      checkApplicationRequest(application.who, request);
      const tenantId = checkApplicationTenant(application.who, request.tenantId ?? application.tenantId);
      const attempt = () => acquireForApplication(application, tenantId, request, context);
      return context.retry(entraRetries, attempt, request);
    },
  };
}

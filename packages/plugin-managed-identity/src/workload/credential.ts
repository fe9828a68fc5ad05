import { type ClientAuthentication, createApplicationCredential } from "@azidentity/core/entra";
import type { Credential, SourceContext } from "@azidentity/core/plugin";
import { readTokenFile } from "./token-file.ts";
import { explainProxyError, readTokenProxy } from "./token-proxy.ts";
import { readWorkload, type WorkloadOptions } from "./variables.ts";

/**
 * Authenticates with the current token of the cluster's file. The file may be replaced while its
 * token is under way, so it is read again if Entra finds that the token has expired.
 */
function fileAuthentication(label: string, tokenFile: string): ClientAuthentication {
  const read = async () => ({ assertion: await readTokenFile(label, tokenFile) });
  return async () => ({
    ...(await read()),
    fallback: async ({ code }) => (code === "assertion-expired" ? read() : undefined),
  });
}

/**
 * Signs a pod in with the token that its cluster issued.
 *
 * @throws {AuthenticationError} `incomplete-environment`, `empty-variable`, `invalid-token-proxy`
 */
export function createWorkloadCredential(options: WorkloadOptions, context: SourceContext): Credential {
  const { label: sourceName, enableAzureProxy } = options;
  const { tenantId, clientId, tokenFile } = readWorkload(options, context.env);
  const proxy = readTokenProxy(sourceName, context.env, enableAzureProxy);
  const application = {
    sourceName,
    tenantId,
    clientId,
    clientAuthentication: fileAuthentication(sourceName, tokenFile),
  };
  const credential = createApplicationCredential(() => application, context, { redirect: proxy?.redirect });
  if (proxy === undefined) return credential;
  return {
    async getToken(request) {
      try {
        return await credential.getToken(request);
      } catch (error) {
        throw explainProxyError(sourceName, error);
      }
    },
  };
}

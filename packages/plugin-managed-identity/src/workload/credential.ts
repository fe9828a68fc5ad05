import {
  checkApplicationScopes,
  checkApplicationTenant,
  entraError,
  entraRetries,
  requestClaims,
} from "@azidentity/core/entra";
import {
  type Credential,
  type IdentityError,
  type IssuedToken,
  isIdentityError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { readToken } from "../read-token.ts";
import { confirmAuthority } from "./confirm-authority.ts";
import { readTokenFile } from "./token-file.ts";
import { explainProxyError, readTokenProxy, type TokenProxy } from "./token-proxy.ts";
import { readWorkload, type Workload, type WorkloadOptions } from "./variables.ts";

/** The form of a token request with a client assertion (RFC 7523, section 2.2). */
function formOf({ clientId }: Workload, assertion: string, request: TokenRequest): string {
  const claims = requestClaims(request);
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    scope: request.scopes.join(" "),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    ...(claims === undefined ? {} : { claims }),
  }).toString();
}

interface Exchange {
  readonly workload: Workload;
  readonly tenantId: string;
  readonly proxy: TokenProxy | undefined;
  readonly context: SourceContext;
}

/** One request to Entra with the current token of the file. */
async function signIn({ workload, tenantId, proxy, context }: Exchange, request: TokenRequest): Promise<IssuedToken> {
  const { http, clock, cloud } = context;
  const { label, clientId } = workload;
  const assertion = await readTokenFile(label, workload.tokenFile);
  const direct = {
    method: "POST",
    url: `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/token`,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "client-request-id": request.correlationId },
    body: formOf(workload, assertion, request),
  } as const;
  const sent = clock.now();
  const response = await http.send(proxy === undefined ? direct : await proxy.redirect(direct), request.signal);
  if (response.status !== 200) throw entraError(label, response, clock.now(), [assertion]);
  const { issued } = readToken(label, response, { sent, now: clock.now() });
  return { ...issued, principal: { tenantId, clientId } };
}

const hasExpired = (error: unknown): error is IdentityError =>
  isIdentityError(error) && error.code === "assertion-expired";

/** Signs a pod in with the token that its cluster issued. */
export function createWorkloadCredential(options: WorkloadOptions, context: SourceContext): Credential {
  let proxy: { readonly value: TokenProxy | undefined } | undefined;
  let isConfirmed = !context.cloud.instanceDiscovery;
  return {
    async getToken(request) {
      const workload = readWorkload(options, context.env);
      const { label } = workload;
      const tenantId = checkApplicationTenant(label, request.tenantId ?? workload.tenantId);
      checkApplicationScopes(label, request);
      proxy ??= { value: readTokenProxy(label, context.env, workload.enableAzureProxy) };
      const exchange = { workload, tenantId, proxy: proxy.value, context };
      if (!isConfirmed && proxy.value === undefined) await confirmAuthority(label, tenantId, context, request.signal);
      isConfirmed = true;
      const attempt = () =>
        signIn(exchange, request).catch((error) => {
          if (hasExpired(error)) return signIn(exchange, request); // the file may have been replaced meanwhile
          throw proxy?.value === undefined ? error : explainProxyError(label, error);
        });
      return context.retry(entraRetries, attempt, request);
    },
  };
}

import {
  type Credential,
  entraError,
  type IdentityError,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { readToken } from "../read-token.ts";
import { entraRetries } from "../retries.ts";
import { withCapability } from "./claims.ts";
import { confirmAuthority } from "./confirm-authority.ts";
import { readTokenFile } from "./token-file.ts";
import { explainProxyError, readTokenProxy, type TokenProxy } from "./token-proxy.ts";
import { readWorkload, type Workload, type WorkloadOptions } from "./variables.ts";

/** Names that stand for many tenants: a pod has a home among them. */
const sharedNames = ["common", "organizations", "consumers"];

function checkRequest({ who }: Workload, tenantId: string, { scopes }: TokenRequest): void {
  if (sharedNames.includes(tenantId.toLowerCase())) {
    throw outcomeError("misconfigured", `${who}: an application cannot sign in to "${tenantId}".`, {
      code: "shared-tenant",
      remedy: "Give the id or a domain of one tenant.",
    });
  }
  if (scopes.length === 1 && scopes[0]?.endsWith("/.default")) return;
  throw outcomeError("misconfigured", `${who}: an application cannot ask for ${scopes.join(" ")}.`, {
    code: "invalid-scope",
    remedy: 'Ask for one resource at a time, as "<resource>/.default", like "https://vault.azure.net/.default".',
  });
}

/** RFC 7523, section 2.2. */
function formOf({ clientId }: Workload, assertion: string, request: TokenRequest): string {
  const claims = request.enableCae ? withCapability(request.claims) : request.claims;
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

/** One request to Entra with the file's token as it is now. */
async function signIn({ workload, tenantId, proxy, context }: Exchange, request: TokenRequest): Promise<IssuedToken> {
  const { http, clock, cloud } = context;
  const { who, clientId } = workload;
  const assertion = await readTokenFile(who, workload.tokenFile);
  const direct = {
    method: "POST",
    url: `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/token`,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "client-request-id": request.correlationId },
    body: formOf(workload, assertion, request),
  } as const;
  const sent = clock.now();
  const response = await http.send(proxy === undefined ? direct : await proxy.redirect(direct), request.signal);
  if (response.status !== 200) throw entraError(who, response, clock.now(), [assertion]);
  const { issued } = readToken(who, response, { sent, now: clock.now() });
  return { ...issued, principal: { tenantId, clientId } };
}

const hasExpired = (error: unknown): error is IdentityError =>
  isIdentityError(error) && error.code === "assertion-expired";

/** Signs a pod in with the token that its cluster gave it. */
export function createWorkloadCredential(options: WorkloadOptions, context: SourceContext): Credential {
  let proxy: { readonly value: TokenProxy | undefined } | undefined;
  let isConfirmed = !context.cloud.instanceDiscovery;
  return {
    async getToken(request) {
      const workload = readWorkload(options, context.env);
      const { who } = workload;
      const tenantId = request.tenantId ?? workload.tenantId;
      checkRequest(workload, tenantId, request);
      proxy ??= { value: readTokenProxy(who, context.env, workload.enableAzureProxy) };
      const exchange = { workload, tenantId, proxy: proxy.value, context };
      if (!isConfirmed && proxy.value === undefined) await confirmAuthority(who, tenantId, context, request.signal);
      isConfirmed = true;
      const attempt = () =>
        signIn(exchange, request).catch((error) => {
          if (hasExpired(error)) return signIn(exchange, request); // the file may have been replaced meanwhile
          throw proxy?.value === undefined ? error : explainProxyError(who, error);
        });
      return context.retry(entraRetries, attempt, request);
    },
  };
}

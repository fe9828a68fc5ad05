import { requestClaims } from "@azidentity/core/entra";
import { outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import type { Caller } from "./readiness.ts";

/** The application for which tokens are acquired, and its tenant. */
export interface BrokerApplication {
  readonly clientId: string;
  readonly tenantId: string;
  readonly redirectUri?: string | undefined;
  /** Whether personal accounts may sign in as guests of the tenant. */
  readonly msaPassthrough?: boolean | undefined;
}

function bindingOf({ proofOfPossession: pop }: TokenRequest, label: string) {
  if (pop === undefined) return {};
  const { resourceRequestMethod, resourceRequestUrl, nonce } = pop;
  if (typeof resourceRequestMethod !== "string" || resourceRequestMethod === "" || !URL.canParse(resourceRequestUrl)) {
    throw outcomeError("misconfigured", `${label}: the request to which the token is bound has no method or no URL.`, {
      code: "invalid-proof-of-possession",
      remedy: "Set `resourceRequestMethod`, `resourceRequestUrl` and `nonce` of the request that will carry the token.",
    });
  }
  return {
    authenticationScheme: "pop",
    resourceRequestMethod: resourceRequestMethod.toUpperCase(),
    resourceRequestUri: resourceRequestUrl,
    shrNonce: nonce,
  };
}

/** The request in the form that `NativeBrokerPlugin` takes. */
export function nativeRequest({ label, context }: Caller, application: BrokerApplication, request: TokenRequest) {
  const { clientId, redirectUri, msaPassthrough } = application;
  const tenantId = request.tenantId ?? application.tenantId;
  if (tenantId === "adfs") {
    throw outcomeError("not-configured", `${label}: a broker cannot sign in to AD FS.`, {
      code: "unsupported-authority",
      remedy: "Set `tenantId` to the id of an Entra tenant.",
    });
  }
  return {
    clientId,
    redirectUri: redirectUri ?? "",
    authority: `${context.cloud.authorityHost}/${tenantId}`,
    correlationId: request.correlationId,
    scopes: request.scopes,
    claims: requestClaims(request),
    ...bindingOf(request, label),
    ...(msaPassthrough ? { extraParameters: { msal_request_type: "consumer_passthrough" } } : {}),
  };
}

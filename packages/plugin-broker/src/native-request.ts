import { outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import type { Caller } from "./readiness.ts";

/** The application that signs in, in which tenant. */
export interface BrokerApplication {
  readonly clientId: string;
  readonly tenantId: string;
  readonly redirectUri?: string | undefined;
  /** Whether personal accounts may pass as guests of the tenant. */
  readonly msaPassthrough?: boolean | undefined;
}

/** A challenge, and that the client handles Continuous Access Evaluation. */
function claimsOf({ claims, enableCae }: TokenRequest): string | undefined {
  if (!enableCae) return claims;
  const asked = JSON.parse(claims ?? "{}");
  return JSON.stringify({ ...asked, access_token: { ...asked.access_token, xms_cc: { values: ["cp1"] } } });
}

function bindingOf({ proofOfPossession: pop }: TokenRequest, who: string) {
  if (pop === undefined) return {};
  const { resourceRequestMethod, resourceRequestUrl, nonce } = pop;
  if (typeof resourceRequestMethod !== "string" || resourceRequestMethod === "" || !URL.canParse(resourceRequestUrl)) {
    throw outcomeError(
      "misconfigured",
      `${who}: the request that the token is to be bound to has no method or no URL.`,
      {
        code: "invalid-proof-of-possession",
        remedy: "Give `resourceRequestMethod`, `resourceRequestUrl` and `nonce` of the request to come.",
      },
    );
  }
  return {
    authenticationScheme: "pop",
    resourceRequestMethod: resourceRequestMethod.toUpperCase(),
    resourceRequestUri: resourceRequestUrl,
    shrNonce: nonce,
  };
}

/** The request as `NativeBrokerPlugin` takes it. */
export function nativeRequest({ who, context }: Caller, application: BrokerApplication, request: TokenRequest) {
  const { clientId, redirectUri, msaPassthrough } = application;
  const tenantId = request.tenantId ?? application.tenantId;
  if (tenantId === "adfs") {
    throw outcomeError("not-configured", `${who}: a broker does not sign in at AD FS.`, {
      code: "unsupported-authority",
      remedy: "Give the id of an Entra tenant.",
    });
  }
  return {
    clientId,
    redirectUri: redirectUri ?? "",
    authority: `${context.cloud.authorityHost}/${tenantId}`,
    correlationId: request.correlationId,
    scopes: request.scopes,
    claims: claimsOf(request),
    ...bindingOf(request, who),
    ...(msaPassthrough ? { extraParameters: { msal_request_type: "consumer_passthrough" } } : {}),
  };
}

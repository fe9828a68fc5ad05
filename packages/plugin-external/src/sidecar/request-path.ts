import type { TokenRequest } from "@azidentity/core/plugin";

export interface SidecarOptions {
  readonly service?: string | undefined;
  readonly agentIdentity?: string | undefined;
  readonly agentUsername?: string | undefined;
  readonly agentUserId?: string | undefined;
  readonly requestAppToken?: boolean | undefined;
}

/**
 * Path and query of a request. Tokens come past the sidecar's cache where a claims challenge
 * refused one. Source: https://learn.microsoft.com/entra/msidweb/agent-id-sdk/endpoints
 */
export function requestPath(
  { service = "default", agentIdentity, agentUsername, agentUserId, requestAppToken }: SidecarOptions,
  { scopes, claims, correlationId }: Pick<TokenRequest, "scopes" | "claims" | "correlationId">,
  tenantId: string | undefined,
): string {
  const acquire = "optionsOverride.AcquireTokenOptions";
  const parameters: readonly (readonly [name: string, value: string | undefined])[] = [
    ["AgentIdentity", agentIdentity],
    ["AgentUsername", agentUsername],
    ["AgentUserId", agentUserId],
    ...scopes.map((scope) => ["optionsOverride.Scopes", scope] as const),
    ["optionsOverride.RequestAppToken", requestAppToken === true ? "true" : undefined],
    [`${acquire}.Tenant`, tenantId],
    [`${acquire}.Claims`, claims],
    [`${acquire}.ForceRefresh`, claims === undefined ? undefined : "true"],
    [`${acquire}.CorrelationId`, correlationId],
  ];
  const query = new URLSearchParams(
    parameters.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])),
  );
  return `/AuthorizationHeaderUnauthenticated/${encodeURIComponent(service)}?${query}`;
}

import { epochSeconds } from "../clock.ts";
import { issuerOfTenant } from "../entra/access-token.ts";
import type { Application } from "../entra/application.ts";
import type { Authority } from "../entra/authority.ts";
import { clouds, issuerOf } from "../entra/clouds.ts";
import type { Service } from "../http/exchange.ts";
import type { Reply, ServerRequest } from "../http/message.ts";
import { formatChallenge, isChallengeFormat, scheme } from "../resource-server/challenges.ts";
import { type AcceptedTokens, checkToken, TokenRefusal } from "../resource-server/check-token.ts";

export interface ApiParts {
  readonly authority: Authority;
  readonly authorityHost: string;
  readonly tenantId: string;
  /** The audience of the tokens. */
  readonly application: Application;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The web API of an application: it returns the claims of the access token. */
export function createApiService(parts: ApiParts): Service {
  const { clock } = parts.authority;
  const accepted = acceptedTokens(parts);
  return {
    name: "api",
    routes: methods.map((method) => ({
      method,
      path: "/me",
      handle: (request) => answer(parts, accepted, request),
    })),
    failure: (status) => refuse(status, "This error response was requested by a fault."),
    capabilities: {
      challenge: (format) =>
        isChallengeFormat(format) ? formatChallenge(format, { ...parts, notBefore: epochSeconds(clock) }) : undefined,
    },
  };
}

/**
 * Accepts tokens of both versions. The issuer of v2.0 tokens is the emulator, or, behind a proxy, a
 * cloud.
 */
function acceptedTokens({ authorityHost, tenantId, application }: ApiParts): AcceptedTokens {
  const origins = [authorityHost, ...clouds.map((cloud) => `https://${cloud.preferred_network}`)];
  return {
    issuers: [issuerOfTenant(tenantId), ...origins.map((origin) => issuerOf(origin, tenantId))],
    audiences: [application.clientId, ...application.identifierUris],
  };
}

async function answer(parts: ApiParts, accepted: AcceptedTokens, request: ServerRequest): Promise<Reply> {
  try {
    const claims = await checkToken(parts.authority, accepted, request);
    return { status: 200, body: { claims, body: request.body } };
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    return refuse(401, error.message, challengeFor(parts, error));
  }
}

/**
 * A claims challenge for clients that support it (`cp1`), otherwise `invalid_token` or the plain
 * challenge.
 */
function challengeFor(parts: ApiParts, { reason, message, notBefore }: TokenRefusal): string {
  if (notBefore !== undefined) return formatChallenge("cae", { ...parts, notBefore });
  const { authorityHost, tenantId } = parts;
  return scheme("Bearer", {
    realm: "",
    authorization_uri: `${authorityHost}/${tenantId}/oauth2/v2.0/authorize`,
    ...(reason === "missing" ? {} : { error: "invalid_token", error_description: message.replaceAll('"', "'") }),
  });
}

function refuse(status: number, message: string, challenge?: string): Reply {
  return {
    status,
    headers: challenge === undefined ? {} : { "www-authenticate": challenge },
    body: { error: { code: codes[status] ?? "InternalServerError", message } },
  };
}

const codes: Readonly<Record<number, string>> = { 401: "Unauthorized", 403: "Forbidden", 429: "TooManyRequests" };

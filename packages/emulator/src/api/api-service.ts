import { epochSeconds } from "../clock.ts";
import { issuerOfTenant } from "../entra/access-token.ts";
import type { Application } from "../entra/application.ts";
import type { Authority } from "../entra/authority.ts";
import { clouds, issuerOf } from "../entra/clouds.ts";
import type { Service } from "../http/exchange.ts";
import type { Reply, ServerRequest } from "../http/message.ts";
import { formatChallenge, isChallengeForm, scheme } from "../resource-server/challenges.ts";
import { type AcceptedTokens, checkToken, TokenRefusal } from "../resource-server/check-token.ts";

export interface ApiParts {
  readonly authority: Authority;
  readonly authorityHost: string;
  readonly tenantId: string;
  /** The application that the tokens have to be for. */
  readonly application: Application;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The web API of an application of the directory: it tells its callers what their tokens say. */
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
      challenge: (form) =>
        isChallengeForm(form) ? formatChallenge(form, { ...parts, notBefore: epochSeconds(clock) }) : undefined,
    },
  };
}

/** Tokens of both versions. Those of version 2.0 name the emulator, or the cloud for which it stood behind a proxy. */
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

/** Claims go to those who can satisfy them; all others learn whom to ask, and what was wrong with the token if there was one. */
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

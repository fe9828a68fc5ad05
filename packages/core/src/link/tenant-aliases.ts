import { createFlights, joinFlight } from "../async/flights.ts";
import type { SourceContext } from "../contract/context.ts";
import { sendWithinLimit } from "../entra/send-within-limit.ts";
import { isGuid } from "../util/ids.ts";
import { jwtPayload, parseJsonObject } from "../util/json.ts";

/** What is known about names of one tenant: its id, and its domains. */
export interface TenantAliases {
  /** Whether both names are known to be the same tenant. */
  areSame(left: string, right: string): boolean;
  /** Learns the id of a domain from a token that was issued for it. */
  learnFromToken(domain: string, token: string): void;
  /**
   * Asks Entra for the ids of the domains among `names` that could be those of `tenant`: one request
   * per domain for all who wait, whose answer is kept. Resolves to whether the tenant is now known to be one of them.
   */
  learnFromEntra(tenant: string, names: readonly string[], signal: AbortSignal): Promise<boolean>;
}

/** As a plain question: the guard would tell the compiler that other texts are none. */
const isId = (name: string): boolean => isGuid(name);
const isDomain = (name: string) => name.includes(".") && !isId(name);
/** A source has few; a longer list is that of a program with many tenants, which names them by id. */
const maxDomains = 8;
/** Callers may name any domain, so those that were looked up are bounded. */
const maxKnown = 1_000;

/** The id in an issuer, such as `https://login.microsoftonline.com/<id>/v2.0`. */
const idIn = (issuer: unknown) =>
  typeof issuer === "string" ? issuer.split("/").find(isId)?.toLowerCase() : undefined;

/**
 * Looks a domain up in its OpenID document. `id` is `undefined` where Entra knows no tenant of that
 * name; the result is `undefined` where Entra could not be asked. Source:
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
async function lookUpDomain(
  sourceName: string,
  context: SourceContext,
  domain: string,
  signal: AbortSignal,
): Promise<{ readonly id: string | undefined } | undefined> {
  const url = `${context.cloud.authorityHost}/${domain}/v2.0/.well-known/openid-configuration`;
  try {
    const { status, body } = await sendWithinLimit(sourceName, context, { method: "GET", url }, signal);
    const id = status === 200 ? idIn(parseJsonObject(body)?.issuer) : undefined;
    return id !== undefined || status === 400 ? { id } : undefined;
  } catch {
    return undefined; // the request is refused as any other tenant's
  }
}

/** @param sourceName prefix of error messages */
export function createTenantAliases(sourceName: string, context: SourceContext): TenantAliases {
  /** Ids by domain in lower case; `undefined`: Entra knows no tenant of that name. */
  const ids = new Map<string, string | undefined>();
  const lookUps = createFlights<void>();
  const learn = (domain: string, id: string | undefined): void => {
    if (ids.size >= maxKnown) ids.delete(ids.keys().next().value as string);
    ids.set(domain.toLowerCase(), id);
  };
  const idOf = (name: string) => (isId(name) ? name.toLowerCase() : ids.get(name.toLowerCase()));

  const lookUp = (domain: string, signal: AbortSignal) =>
    joinFlight(lookUps, domain.toLowerCase(), signal, async (own) => {
      const found = await lookUpDomain(sourceName, context, domain, own);
      if (found !== undefined) learn(domain, found.id);
    });

  const areSame = (left: string, right: string) =>
    left.toLowerCase() === right.toLowerCase() || (idOf(left) !== undefined && idOf(left) === idOf(right));

  return {
    areSame,
    learnFromToken(domain, token) {
      if (!isDomain(domain) || ids.has(domain.toLowerCase())) return;
      const tid = jwtPayload(token)?.tid;
      if (isGuid(tid)) learn(domain, tid.toLowerCase());
    },
    async learnFromEntra(tenant, names, signal) {
      const others = names.filter((name) => isId(name) !== isId(tenant));
      const domains = (isId(tenant) ? others : others.length > 0 ? [tenant] : []).filter(isDomain);
      const unknown = domains.filter((domain) => !ids.has(domain.toLowerCase())).slice(0, maxDomains);
      await Promise.all(unknown.map((domain) => lookUp(domain, signal)));
      return others.some((name) => areSame(name, tenant));
    },
  };
}

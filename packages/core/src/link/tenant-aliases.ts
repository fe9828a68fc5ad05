import { createFlights, type Flights, joinFlight, type ShareFlight } from "../async/flights.ts";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import { sendWithinLimit } from "../entra/send-within-limit.ts";
import { isGuid } from "../util/ids.ts";
import { jwtPayload, parseJsonObject } from "../util/json.ts";

/** What a source knows of names of one tenant: its id, and its domains. */
export interface TenantAliases {
  /** Ids by domain in lower case; `undefined` for a domain of which Entra knows no tenant. */
  ids: Map<string, string | undefined> | undefined;
  /** Domains that are being looked up. */
  readonly lookUps: Flights<void>;
}

/** A source that knows some. */
export interface HasAliases {
  readonly source: Pick<AnySource, "name">;
  readonly context: SourceContext;
  readonly aliases: TenantAliases;
}

/** As a plain question: the guard would tell the compiler that other texts are none. */
const isId = (name: string): boolean => isGuid(name);
const isDomain = (name: string) => name.includes(".") && !isId(name);
/**
 * A source has few; a longer list is that of a program with many tenants, which names them by id.
 */
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

export function createTenantAliases(share?: ShareFlight): TenantAliases {
  return { ids: undefined, lookUps: createFlights(share) };
}

function learn(aliases: TenantAliases, domain: string, id: string | undefined): void {
  aliases.ids ??= new Map();
  const { ids } = aliases;
  if (ids.size >= maxKnown) ids.delete(ids.keys().next().value as string);
  ids.set(domain.toLowerCase(), id);
}

function idOf({ ids }: TenantAliases, name: string): string | undefined {
  return isId(name) ? name.toLowerCase() : ids?.get(name.toLowerCase());
}

/** Whether both names are known to be the same tenant. */
export function areSameTenant(aliases: TenantAliases, left: string, right: string): boolean {
  if (left.toLowerCase() === right.toLowerCase()) return true;
  const id = idOf(aliases, left);
  return id !== undefined && id === idOf(aliases, right);
}

/** Learns the id of a domain from a token that was issued for it. */
export function learnIdOf(aliases: TenantAliases, domain: string, token: string): void {
  if (!isDomain(domain) || aliases.ids?.has(domain.toLowerCase())) return;
  const tid = jwtPayload(token)?.tid;
  if (isGuid(tid)) learn(aliases, domain, tid.toLowerCase());
}

function lookUp({ source, context, aliases }: HasAliases, domain: string, signal: AbortSignal): Promise<void> {
  return joinFlight(aliases.lookUps, domain.toLowerCase(), signal, async (own) => {
    const found = await lookUpDomain(source.name, context, domain, own);
    if (found !== undefined) learn(aliases, domain, found.id);
  });
}

/**
 * Asks Entra for the ids of the domains among `names` that could be those of `tenant`: one request
 * per domain for all who wait, whose answer is kept. Resolves to whether the tenant is now known to
 * be one of them.
 */
export async function learnFromEntra(
  placed: HasAliases,
  tenant: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const { aliases } = placed;
  const others = names.filter((name) => isId(name) !== isId(tenant));
  const domains = (isId(tenant) ? others : others.length > 0 ? [tenant] : []).filter(isDomain);
  const unknown = domains.filter((domain) => !aliases.ids?.has(domain.toLowerCase())).slice(0, maxDomains);
  await Promise.all(unknown.map((domain) => lookUp(placed, domain, signal)));
  return others.some((name) => areSameTenant(aliases, name, tenant));
}

import { findToken, mayHit, scopeText } from "../cache/memory.ts";
import type { Link } from "../chain/link.ts";
import { isIntact } from "../token/access-token.ts";
import { isHome } from "./options-reader.ts";
import { accountOf, type PlacedSource } from "./placed-source.ts";

/**
 * The hot path: a hit is one look-up and one comparison of clocks. It makes no promise and checks
 * nothing again, and nothing is allocated.
 */
export function createPeek(placed: PlacedSource): Link["peek"] {
  const { tokens, services, source } = placed;
  const { memory } = tokens;
  const { freshness } = services;
  const hasAccounts = source.accountState !== undefined;
  return function peek(scopes, options, user) {
    let tenant: string | undefined;
    let cae = false;
    if (options !== undefined) {
      if (!mayHit(options)) return undefined;
      cae = options.enableCae === true;
      tenant = options.tenantId;
    }
    const scope = scopeText(scopes);
    let entry = findToken(memory, tenant, user, scope, cae);
    // whether it is the own tenant by another name takes longer to tell than to look up
    if (entry === undefined && typeof tenant === "string" && isHome(placed, tenant))
      entry = findToken(memory, undefined, user, scope, cae);
    if (entry === undefined || !freshness.isFresh(entry)) return undefined;
    if (hasAccounts && accountOf(placed) !== entry.account) return undefined;
    entry.used = true;
    if (!isIntact(entry.answer)) entry.answer = Promise.resolve(entry.token);
    return entry.answer;
  };
}

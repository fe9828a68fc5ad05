import { type IssuedToken, jwtPayload, type Principal } from "@azidentity/core/plugin";

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value.toLowerCase() : undefined);

/**
 * Whose token it is: what the token says of itself, completed by what its program said. In lower
 * case.
 */
export function principalIn({ token, principal = {} }: Pick<IssuedToken, "token" | "principal">): Principal {
  const claims = jwtPayload(token) ?? {};
  return {
    tenantId: text(claims.tid) ?? text(principal.tenantId),
    objectId: text(claims.oid) ?? text(principal.objectId),
    clientId: text(claims.appid) ?? text(claims.azp) ?? text(principal.clientId),
    username: text(claims.upn) ?? text(claims.preferred_username) ?? text(principal.username),
  };
}

/** The first of these that both name decides: a user signs in with several clients. */
const decisive = ["objectId", "username", "clientId"] as const;

/** Whether two principals are different ones, as far as is known. */
function differ(one: Principal, other: Principal): boolean {
  const isOther = (name: keyof Principal) => one[name] !== other[name];
  const isKnown = (name: keyof Principal) => one[name] !== undefined && other[name] !== undefined;
  if (isKnown("tenantId") && isOther("tenantId")) return true;
  const compared = decisive.find(isKnown);
  return compared !== undefined && isOther(compared);
}

/**
 * Remembers the principal of the first token, for each tenant that was asked for: a user has
 * another object id in another tenant. Returns the text that core compares: it changes when the
 * principal does, and core then forgets the tokens of the earlier one.
 */
export function createPrincipalPin(): (tenantId: string | undefined, issued: IssuedToken) => string {
  const pinned = new Map<string | undefined, Principal>();
  let changes = 0;
  return (tenantId, issued) => {
    const principal = principalIn(issued);
    const before = pinned.get(tenantId);
    if (before !== undefined && differ(before, principal)) {
      changes++;
      pinned.clear();
    }
    const known = Object.fromEntries(Object.entries(principal).filter(([, value]) => value !== undefined));
    pinned.set(tenantId, { ...pinned.get(tenantId), ...known });
    return String(changes);
  };
}

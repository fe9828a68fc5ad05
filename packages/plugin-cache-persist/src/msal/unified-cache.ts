import type { StoredUser, UserPartition } from "@azidentity/core/plugin";
import { authorityAliases } from "@azidentity/core/plugin";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The cache format of all MSAL libraries: sections of entities by key. Unknown sections and fields
 * are preserved.
 */
export type UnifiedCache = Fields;

type User = UserPartition & { readonly homeAccountId: string };

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An empty cache for an empty text; `undefined` if the text is not a cache of MSAL. */
export function parseUnifiedCache(text: string | null | undefined): UnifiedCache | undefined {
  try {
    const parsed: unknown = JSON.parse(text || "{}");
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const entitiesOf = (cache: UnifiedCache, section: string): readonly (readonly [string, Fields])[] =>
  Object.entries(isFields(cache[section]) ? cache[section] : {}).filter((entry): entry is [string, Fields] =>
    isFields(entry[1]),
  );

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isEqual = (value: unknown, text: string) => isText(value) && value.toLowerCase() === text.toLowerCase();

type Section = "Account" | "RefreshToken";

/** Finds the entities of an application in a section: accounts, or its own refresh tokens. */
function entitiesFor(cache: UnifiedCache, section: Section, { authorityHost, clientId }: UserPartition) {
  const environments = authorityAliases(authorityHost);
  return entitiesOf(cache, section).filter(
    ([, entity]) =>
      environments.some((environment) => isEqual(entity.environment, environment)) &&
      (section === "Account" || isEqual(entity.client_id, clientId)),
  );
}

/** Those of one user. */
const entitiesOfUser = (cache: UnifiedCache, section: Section, user: User) =>
  entitiesFor(cache, section, user).filter(([, entity]) => isEqual(entity.home_account_id, user.homeAccountId));

/** The first entity of each user, by the user's id in lower case. */
function firstByUser(cache: UnifiedCache, section: Section, application: UserPartition): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const [, entity] of entitiesFor(cache, section, application)) {
    const id = isText(entity.home_account_id) ? entity.home_account_id.toLowerCase() : undefined;
    if (id !== undefined && !found.has(id)) found.set(id, entity);
  }
  return found;
}

/** The users who signed in to the application with any tool, and have a refresh token. */
export function usersOf(cache: UnifiedCache, application: UserPartition): readonly StoredUser[] {
  const tokens = firstByUser(cache, "RefreshToken", application);
  return [...firstByUser(cache, "Account", application)].flatMap(([id, account]) => {
    const { home_account_id: homeAccountId, environment, realm, username } = account;
    const refreshToken = tokens.get(id)?.secret;
    if (!isText(homeAccountId) || !isText(environment) || !isText(realm) || !isText(username)) return [];
    if (!isText(refreshToken)) return [];
    const record = { authority: environment, homeAccountId, clientId: application.clientId, tenantId: realm, username };
    return [{ record, refreshToken }];
  });
}

const keyOf = (...parts: readonly string[]) => parts.join("-").toLowerCase();

/** An account as MSAL writes it; `undefined` if its id does not name a tenant (AD FS). */
function accountOf({ record: { homeAccountId, username } }: StoredUser, environment: string): Fields | undefined {
  const [uid, utid, ...more] = homeAccountId.split(".");
  if (!uid || !utid || more.length > 0) return undefined;
  const profile = { tenantId: utid, localAccountId: uid, username, isHomeTenant: true };
  return {
    home_account_id: homeAccountId,
    environment,
    realm: utid,
    local_account_id: uid,
    username,
    authority_type: "MSSTS",
    client_info: Buffer.from(JSON.stringify({ uid, utid })).toString("base64url"),
    tenantProfiles: [JSON.stringify(profile)],
  };
}

/**
 * The cache with a user's newest refresh token, and with the user if the cache does not have them
 * yet.
 */
export function withUser(cache: UnifiedCache, application: UserPartition, user: StoredUser): UnifiedCache {
  const { homeAccountId } = user.record;
  const { authorityHost, clientId } = application;
  const partition = { authorityHost, clientId, homeAccountId };
  const [environment] = authorityAliases(authorityHost);
  const account = accountOf(user, environment);
  if (account === undefined) return cache;
  const accountKey = keyOf(homeAccountId, environment, String(account.realm));
  const isKnown = entitiesOfUser(cache, "Account", partition).length > 0;
  const [token] = entitiesOfUser(cache, "RefreshToken", partition);
  const [tokenKey, fields] = token ?? [
    keyOf(homeAccountId, environment, "refreshtoken", clientId, "", "", ""),
    { home_account_id: homeAccountId, environment, credential_type: "RefreshToken", client_id: clientId },
  ];
  return {
    ...cache,
    ...(isKnown ? {} : { Account: { ...Object(cache.Account), [accountKey]: account } }),
    RefreshToken: { ...Object(cache.RefreshToken), [tokenKey]: { ...fields, secret: user.refreshToken } },
  };
}

/** The cache without a refresh token that Entra refused; keeps a newer one. */
export function withoutRefreshToken(cache: UnifiedCache, partition: User, refreshToken: string): UnifiedCache {
  const refused = entitiesOfUser(cache, "RefreshToken", partition).filter(([, { secret }]) => secret === refreshToken);
  if (refused.length === 0) return cache;
  const left = { ...Object(cache.RefreshToken) };
  for (const [key] of refused) delete left[key];
  return { ...cache, RefreshToken: left };
}

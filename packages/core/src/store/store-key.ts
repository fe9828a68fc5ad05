import type { NormalizedRequest } from "../contract/token.ts";
import { parseJsonList } from "../util/json.ts";

/** What makes a stored token different from another, besides the request. */
export interface StoreOwner {
  readonly source: string;
  /** Names the principal of the source. */
  readonly subject: string;
  /** Of a tool, or of a source in which people sign in: its account can change. */
  readonly account: string | undefined;
  readonly authorityHost: string;
}

/** Names the format, too: another one gets another name. */
const kind = "azidentity.token.1";

/**
 * The key of a stored token. A list in JSON: two different requests never share one. Holds no
 * secret. `user`: hash of the assertion.
 */
export function storeKey(owner: StoreOwner, request: NormalizedRequest, user: string | undefined): string {
  const { source, subject, account, authorityHost } = owner;
  const owned = [source, subject, account ?? null, authorityHost, request.tenantId ?? null, user ?? null];
  return JSON.stringify([kind, ...owned, request.enableCae, ...request.scopes]);
}

/**
 * What the key of a stored token says about it: its principal and its purpose, nothing that is
 * secret.
 */
export interface StoredToken extends StoreOwner {
  /** `undefined`: the source has no tenant, or uses its own. */
  readonly tenantId: string | undefined;
  /** SHA-256 of the assertion of the user on whose behalf it was acquired. */
  readonly user: string | undefined;
  /** Whether the token may be revoked early (Continuous Access Evaluation). */
  readonly enableCae: boolean;
  /** The scopes of the request, normalised and sorted. */
  readonly scopes: readonly [string, ...string[]];
}

/** The items of a key, unless it was changed. */
type Parts = readonly [
  kind: string,
  source: string,
  subject: string,
  account: string | null,
  authorityHost: string,
  tenantId: string | null,
  user: string | null,
  enableCae: boolean,
  ...scopes: [string, ...string[]],
];

const isText = (value: unknown) => typeof value === "string";
const isOptional = (value: unknown) => value === null || isText(value);

/**
 * Reads a key that `TokenStore.list` gave; `undefined`: not that of a token, or of another version.
 */
export function readStoreKey(key: string): StoredToken | undefined {
  const parts = parseJsonList(key);
  if (parts?.[0] !== kind) return undefined;
  const [, source, subject, account, authorityHost, tenantId, user, enableCae, scope, ...more] = parts as Parts;
  const sound =
    [source, subject, authorityHost, scope, ...more].every(isText) && [account, tenantId, user].every(isOptional);
  if (!sound || typeof enableCae !== "boolean") return undefined;
  const optional = { account: account ?? undefined, tenantId: tenantId ?? undefined, user: user ?? undefined };
  return { source, subject, authorityHost, ...optional, enableCae, scopes: [scope, ...more] };
}

import type { GetTokenOptions } from "../contract/token.ts";
import { createEntryIndex, type Entry, type EntryIndex, entriesOf, findEntry, linkEntry } from "./entry.ts";
import type { EvictionPolicy } from "./eviction-policy.ts";

/** What a token in memory is found by. */
export interface CacheKey {
  /** `undefined`: the source's own tenant. */
  readonly tenant: string | undefined;
  /** Hash of a user's assertion; `undefined` where the source signs in by itself. */
  readonly user: string | undefined;
  /** All scopes, separated by a space. */
  readonly scope: string;
  /** Whether the token is for a client that handles claims challenges (CAE). */
  readonly cae: boolean;
}

export interface Memory {
  /**
   * The entry of a call by its raw texts. Only normalised texts have entries, so nothing is checked
   * here.
   */
  find(tenant: string | undefined, user: string | undefined, scope: string, cae: boolean): Entry | undefined;
  put(key: CacheKey, remembered: Remembered): void;
  remove(key: CacheKey): void;
  clear(): void;
  /**
   * Number of removals so far. A token that was requested before the last one must not be put: it
   * may be the one that was refused.
   */
  readonly generation: number;
  /** Number of tenants and users that have entries. */
  owners(): number;
}

/** What core remembers of a token besides its key. */
type Remembered = Pick<Entry, "token" | "freshWall" | "freshMono" | "account" | "retryMono">;

/**
 * One text for the tenant and the user of a token. A hash has no blank, so no two owners share a
 * text; a user or a tenant alone, which is the usual case, builds no text on a hit.
 */
const ownerOf = (tenant: string | undefined, user: string | undefined): string | undefined =>
  user === undefined || tenant === undefined ? (user ?? tenant) : `${user} ${tenant}`;

/**
 * One literal, so that all fields are stored in the object itself, and those that a hit reads come
 * first: with a hundred thousand users every cache line that a hit touches adds to its time.
 */
function createEntry({ tenant, user, scope }: CacheKey, index: EntryIndex, remembered: Remembered): Entry {
  const { token, freshWall, freshMono, account, retryMono } = remembered;
  const entry = {
    scope,
    freshWall,
    freshMono,
    used: false,
    answer: Promise.resolve(token),
    account,
    token,
    owner: ownerOf(tenant, user),
    index,
    failures: 0,
    retryMono,
    previous: undefined as unknown as Entry,
    next: undefined as unknown as Entry,
  } satisfies Entry as Entry;
  entry.previous = entry;
  entry.next = entry;
  return entry;
}

export function createMemory(eviction: EvictionPolicy): Memory {
  // separate indexes: no text that a caller passes as a tenant is ever taken for a user, and plain
  // and CAE tokens never mix
  const tenants = { plain: createEntryIndex(), cae: createEntryIndex() };
  const users = { plain: createEntryIndex(), cae: createEntryIndex() };
  const indexes = [tenants.plain, tenants.cae, users.plain, users.cae];
  const indexOf = (user: string | undefined, cae: boolean): EntryIndex => {
    const kind = user === undefined ? tenants : users;
    return cae ? kind.cae : kind.plain;
  };
  const find: Memory["find"] = (tenant, user, scope, cae) =>
    findEntry(indexOf(user, cae), ownerOf(tenant, user), scope);

  // a field instead of a getter: V8 stores an object with getters in a table seven times the size
  const memory: { -readonly [K in keyof Memory]: Memory[K] } = {
    generation: 0,
    find,
    put(key, remembered) {
      const old = find(key.tenant, key.user, key.scope, key.cae);
      if (old !== undefined) eviction.remove(old);
      const entry = createEntry(key, indexOf(key.user, key.cae), remembered);
      linkEntry(entry);
      eviction.add(entry);
    },
    remove({ tenant, user, scope, cae }) {
      memory.generation++;
      const entry = find(tenant, user, scope, cae);
      if (entry !== undefined) eviction.remove(entry);
    },
    clear() {
      memory.generation++;
      for (const entry of indexes.flatMap(entriesOf)) eviction.remove(entry);
    },
    owners: () => new Set(indexes.flatMap(entriesOf).map(({ owner }) => owner)).size,
  };
  return memory;
}

/**
 * The key of scopes: the text that the caller passes, if it is in normal form already.
 */
export function scopeText(scopes: string | readonly string[]): string {
  if (typeof scopes === "string") return scopes;
  if (!Array.isArray(scopes)) return ""; // has no entry; the slow path reports what is wrong
  return scopes.length === 1 ? scopes[0] : scopes.join(" ");
}

/** Whether a call may be answered from memory at all. */
export function mayHit(options: GetTokenOptions): boolean {
  return (
    typeof options === "object" &&
    options !== null &&
    options.claims === undefined &&
    options.proofOfPossessionOptions === undefined &&
    options.abortSignal?.aborted !== true
  );
}

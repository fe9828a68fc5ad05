import type { GetTokenOptions } from "../contract/token.ts";
import { createEntryIndex, type Entry, type EntryIndex, entriesOf, findEntry, linkEntry } from "./entry.ts";
import { addEntry, type Eviction, removeEntry } from "./eviction.ts";

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

/**
 * The tokens of one link. Separate indexes: no text that a caller passes as a tenant is ever taken
 * for a user, and plain and CAE tokens never mix.
 */
export interface Memory {
  /** Bounds, which several memories may have in common. */
  readonly eviction: Eviction;
  readonly plain: EntryIndex;
  readonly cae: EntryIndex;
  readonly userPlain: EntryIndex;
  readonly userCae: EntryIndex;
  /**
   * Number of removals so far. A token that was requested before the last one must not be put: it
   * may be the one that was refused.
   */
  generation: number;
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

export function createMemory(eviction: Eviction): Memory {
  return {
    eviction,
    plain: createEntryIndex(),
    cae: createEntryIndex(),
    userPlain: createEntryIndex(),
    userCae: createEntryIndex(),
    generation: 0,
  };
}

function indexOf(memory: Memory, user: string | undefined, cae: boolean): EntryIndex {
  if (user === undefined) return cae ? memory.cae : memory.plain;
  return cae ? memory.userCae : memory.userPlain;
}

/**
 * The entry of a call by its raw texts. Only normalised texts have entries, so nothing is checked
 * here.
 */
export function findToken(
  memory: Memory,
  tenant: string | undefined,
  user: string | undefined,
  scope: string,
  cae: boolean,
): Entry | undefined {
  return findEntry(indexOf(memory, user, cae), ownerOf(tenant, user), scope);
}

export function putToken(memory: Memory, key: CacheKey, remembered: Remembered): void {
  const old = findToken(memory, key.tenant, key.user, key.scope, key.cae);
  if (old !== undefined) removeEntry(memory.eviction, old);
  const entry = createEntry(key, indexOf(memory, key.user, key.cae), remembered);
  linkEntry(entry);
  addEntry(memory.eviction, entry);
}

export function removeToken(memory: Memory, { tenant, user, scope, cae }: CacheKey): void {
  memory.generation++;
  const entry = findToken(memory, tenant, user, scope, cae);
  if (entry !== undefined) removeEntry(memory.eviction, entry);
}

export function clearMemory(memory: Memory): void {
  const { eviction, plain, cae, userPlain, userCae } = memory;
  memory.generation++;
  for (const entry of [plain, cae, userPlain, userCae].flatMap(entriesOf)) removeEntry(eviction, entry);
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

import type { AccessToken } from "../contract/token.ts";

/**
 * A token in memory. `...Mono`: milliseconds of the monotonic clock, so that no clock change
 * revives it. The fields that a hit reads stand first, and times are small integers: with a hundred
 * thousand users a hit waits for each cache line that it reads (measured: 1.3 times the floor
 * instead of 1.4 to 2).
 */
export interface Entry {
  readonly token: AccessToken;
  /** The promise that every caller gets; replaced once a caller has modified it. */
  answer: Promise<AccessToken>;
  /**
   * End of its freshness, milliseconds since the cache was made: a small integer, which needs no
   * heap object.
   */
  readonly freshWall: number;
  /** The same moment on the monotonic clock. */
  readonly freshMono: number;
  /** Account state of the tool that issued it; `undefined` for sources without one. */
  readonly account: string | undefined;
  readonly scope: string;
  /** Tenant, user, or user and tenant as one text; `undefined`: the source's own tenant. */
  readonly owner: string | undefined;
  readonly index: EntryIndex;
  /** Whether it was served since the clock hand last passed. */
  used: boolean;
  /** Consecutive failed refreshes. */
  failures: number;
  /** No refresh is tried before this moment of the monotonic clock. */
  retryMono: number;
  /** Neighbours in the ring of the eviction policy. */
  previous: Entry;
  next: Entry;
}

/**
 * Entries by owner (a tenant, or a user in it) and scope text. Most owners have one entry, so the
 * first one needs no map of its own. A map is made for its first entry, because each credential has
 * indexes and most of them stay empty.
 */
export interface EntryIndex {
  firstByOwner: Map<string | undefined, Entry> | undefined;
  othersByOwner: Map<string | undefined, Map<string, Entry>> | undefined;
}

export function createEntryIndex(): EntryIndex {
  return { firstByOwner: undefined, othersByOwner: undefined };
}

/** Bytes of an entry besides its token text: measured with 10 000 entries, rounded up. */
const entryOverheadBytes = 500;

export function bytesOf(entry: Entry): number {
  return entry.token.token.length + entryOverheadBytes;
}

export function findEntry(index: EntryIndex, owner: string | undefined, scope: string): Entry | undefined {
  const first = index.firstByOwner?.get(owner);
  return first !== undefined && first.scope === scope ? first : index.othersByOwner?.get(owner)?.get(scope);
}

/** Adds an entry whose owner and scope have none yet. */
export function linkEntry(entry: Entry): void {
  const { owner, scope, index } = entry;
  index.firstByOwner ??= new Map();
  if (!index.firstByOwner.has(owner)) {
    index.firstByOwner.set(owner, entry);
    return;
  }
  index.othersByOwner ??= new Map();
  const others = index.othersByOwner.get(owner) ?? new Map<string, Entry>();
  index.othersByOwner.set(owner, others.set(scope, entry));
}

/** Removes an entry, and the map of its owner with its last one. */
export function unlinkEntry(entry: Entry): void {
  const { owner, scope, index } = entry;
  const { firstByOwner, othersByOwner } = index;
  const others = othersByOwner?.get(owner);
  if (firstByOwner?.get(owner) === entry) firstByOwner.delete(owner);
  else if (others?.delete(scope) && others.size === 0) othersByOwner?.delete(owner);
}

export function entriesOf({ firstByOwner, othersByOwner }: EntryIndex): Entry[] {
  const others = [...(othersByOwner?.values() ?? [])].flatMap((entries) => [...entries.values()]);
  return [...(firstByOwner?.values() ?? []), ...others];
}

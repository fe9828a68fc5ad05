import type { AccessToken } from "../contract/token.ts";

/** A token in memory. `...Mono`: milliseconds of the monotonic clock, so that no clock change revives it. */
export interface Entry {
  readonly token: AccessToken;
  /** The token as every caller gets it; another promise once a caller has changed this one. */
  answer: Promise<AccessToken>;
  /** Until when it is fresh: milliseconds since its cache began, which are a small integer and need no object of their own. */
  readonly freshWall: number;
  /** The same moment on the monotonic clock. */
  readonly freshMono: number;
  /** Account state of the tool it came from; `undefined` for sources without one. */
  readonly account: string | undefined;
  readonly scope: string;
  readonly owner: string | undefined;
  readonly shelf: Shelf;
  /** Asked for since the eviction hand last passed. */
  used: boolean;
  /** Failed refreshes in a row, and the monotonic time before which no other is tried. */
  failures: number;
  retryMono: number;
  previous: Entry;
  next: Entry;
}

/** Tokens by owner (a tenant, or a user in it) and scope text. Most owners have one, so the first costs no map of its own. */
export interface Shelf {
  readonly firsts: Map<string | undefined, Entry>;
  readonly others: Map<string | undefined, Map<string, Entry>>;
}

export function createShelf(): Shelf {
  return { firsts: new Map(), others: new Map() };
}

/** What an entry weighs besides its token text: measured with 10 000 entries, rounded up. */
const entryBytes = 500;

export function bytesOf(entry: Entry): number {
  return entry.token.token.length + entryBytes;
}

export function findEntry(shelf: Shelf, owner: string | undefined, scope: string): Entry | undefined {
  const first = shelf.firsts.get(owner);
  return first !== undefined && first.scope === scope ? first : shelf.others.get(owner)?.get(scope);
}

/** Puts an entry where there is none yet. */
export function linkEntry(entry: Entry): void {
  const { owner, scope, shelf } = entry;
  const { firsts, others } = shelf;
  if (!firsts.has(owner)) firsts.set(owner, entry);
  else others.set(owner, (others.get(owner) ?? new Map<string, Entry>()).set(scope, entry));
}

/** Takes an entry out, and what held it when that was its last. */
export function unlinkEntry(entry: Entry): void {
  const { owner, scope, shelf } = entry;
  const { firsts, others } = shelf;
  if (firsts.get(owner) === entry) firsts.delete(owner);
  else if (others.get(owner)?.delete(scope) && others.get(owner)?.size === 0) others.delete(owner);
}

export function entriesOf({ firsts, others }: Shelf): Entry[] {
  return [...firsts.values(), ...[...others.values()].flatMap((entries) => [...entries.values()])];
}

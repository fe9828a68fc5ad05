import type { AccessToken } from "../contract/token.ts";

/** A token in memory. Times are milliseconds: `...Wall` since 1970, `...Mono` of the monotonic clock, so that no clock change revives it. */
export interface Entry {
  readonly token: AccessToken;
  /** Made by the first hit and handed out as it is from then on. */
  answer: Promise<AccessToken> | undefined;
  readonly freshWall: number;
  readonly freshMono: number;
  /** Account state of the tool it came from; `undefined` for sources without one. */
  readonly account: string | undefined;
  readonly scope: string;
  readonly cae: boolean;
  readonly partition: Partition;
  /** Asked for since the eviction hand last passed. */
  used: boolean;
  /** Failed refreshes in a row, and the monotonic time before which no other is tried. */
  failures: number;
  retryMono: number;
  previous: Entry;
  next: Entry;
}

/**
 * The tokens of one tenant, or of one user in it, by scope text. Most have one, so the first stands here itself and costs no map. Plain and
 * CAE tokens never mix.
 */
export interface Partition {
  readonly key: string | undefined;
  readonly home: Map<string | undefined, Partition>;
  first: Entry | undefined;
  plain: Map<string, Entry> | undefined;
  cae: Map<string, Entry> | undefined;
}

/** What an entry weighs besides its token text: measured with 10 000 entries, rounded up. */
const entryBytes = 500;

export function bytesOf(entry: Entry): number {
  return entry.token.token.length + entryBytes;
}

/** The entry's token as every caller gets it. */
export function answerOf(entry: Entry): Promise<AccessToken> {
  entry.answer ??= Promise.resolve(entry.token);
  return entry.answer;
}

/** Milliseconds that the token has to live, by the clock that gives it less. */
export function lifeLeft(entry: Entry, wall: number, mono: number): number {
  const { freshWall, freshMono, token } = entry;
  return Math.min(token.expiresOnTimestamp - wall, freshMono + (token.expiresOnTimestamp - freshWall) - mono);
}

export function findEntry(partition: Partition, scope: string, cae: boolean): Entry | undefined {
  const { first } = partition;
  if (first !== undefined && first.scope === scope && first.cae === cae) return first;
  return (cae ? partition.cae : partition.plain)?.get(scope);
}

/** Puts an entry where there is none yet. */
export function linkEntry(entry: Entry): void {
  const { partition, scope, cae } = entry;
  if (partition.first === undefined) partition.first = entry;
  else if (cae) {
    partition.cae ??= new Map();
    partition.cae.set(scope, entry);
  } else {
    partition.plain ??= new Map();
    partition.plain.set(scope, entry);
  }
}

/** Takes an entry out, and its partition when that was its last. */
export function unlinkEntry(entry: Entry): void {
  const { partition, scope, cae } = entry;
  if (partition.first === entry) partition.first = undefined;
  else (cae ? partition.cae : partition.plain)?.delete(scope);
  const left = partition.first !== undefined || (partition.plain?.size ?? 0) + (partition.cae?.size ?? 0) > 0;
  if (!left && partition.home.get(partition.key) === partition) partition.home.delete(partition.key);
}

export function entriesOf(partition: Partition): Entry[] {
  const first = partition.first === undefined ? [] : [partition.first];
  return [...first, ...(partition.plain?.values() ?? []), ...(partition.cae?.values() ?? [])];
}

import { bytesOf, type Entry, unlinkEntry } from "./entry.ts";

/** Entries that each insert checks for expiry. */
const sweptPerInsert = 2;

const defaultMaxEntries = 100_000;
const defaultMaxBytes = 64 * 1_048_576;

/** Bounds of all tokens in the memory of one identity. */
export interface CacheLimits {
  /** Default 100 000. */
  readonly maxEntries?: number | undefined;
  /** Default 67 108 864 (64 MiB). */
  readonly maxBytes?: number | undefined;
}

/** Decides which entries go when a bound is reached that all memories of one identity share. */
export interface EvictionPolicy {
  /** Counts a new entry, and evicts others while there are too many. */
  add(entry: Entry): void;
  /** Stops counting an entry, and removes it from its index. */
  remove(entry: Entry): void;
  readonly entries: number;
  /** Estimated bytes of all entries. */
  readonly bytes: number;
}

/**
 * Evicts by the CLOCK algorithm: the entries form a ring, and an entry that was used since the
 * clock hand last passed it gets a second chance. That approximates least-recently-used, and a hit
 * writes one boolean. A sweep goes round the same ring: each insert looks at two entries and
 * removes those that have expired.
 */
export function createEvictionPolicy(limits: CacheLimits, now: () => number): EvictionPolicy {
  const { maxEntries = defaultMaxEntries, maxBytes = defaultMaxBytes } = limits;
  let clockHand: Entry | undefined;
  let sweepCursor: Entry | undefined;
  let entries = 0;
  let bytes = 0;

  const remove = (entry: Entry): void => {
    const next = entry.next === entry ? undefined : entry.next;
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    if (clockHand === entry) clockHand = next;
    if (sweepCursor === entry) sweepCursor = next;
    entries--;
    bytes -= bytesOf(entry);
    unlinkEntry(entry);
  };
  const sweep = (): void => {
    for (let step = 0; step < sweptPerInsert; step++) {
      sweepCursor ??= clockHand;
      if (sweepCursor === undefined) return;
      const candidate = sweepCursor;
      sweepCursor = candidate.next;
      if (now() >= candidate.token.expiresOnTimestamp) remove(candidate);
    }
  };
  const evict = (keep: Entry): void => {
    while (clockHand !== undefined && entries > 1 && (entries > maxEntries || bytes > maxBytes)) {
      const candidate: Entry = clockHand;
      if (candidate !== keep && (!candidate.used || now() >= candidate.token.expiresOnTimestamp)) remove(candidate);
      else {
        candidate.used = false;
        clockHand = candidate.next;
      }
    }
  };

  return {
    add(entry) {
      sweep();
      if (clockHand === undefined) clockHand = entry;
      else {
        entry.next = clockHand;
        entry.previous = clockHand.previous;
        clockHand.previous.next = entry;
        clockHand.previous = entry;
      }
      entries++;
      bytes += bytesOf(entry);
      evict(entry);
    },
    remove,
    get entries() {
      return entries;
    },
    get bytes() {
      return bytes;
    },
  };
}

import { bytesOf, type Entry, unlinkEntry } from "./entry.ts";

/** Entries that each insert checks for expiry. */
const sweptPerInsert = 2;

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
export function createEvictionPolicy(
  limits: { readonly maxEntries: number; readonly maxBytes: number },
  now: () => number,
): EvictionPolicy {
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
    while (clockHand !== undefined && entries > 1 && (entries > limits.maxEntries || bytes > limits.maxBytes)) {
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

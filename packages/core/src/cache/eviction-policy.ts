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

/** All entries of one identity as a ring, with their number and their estimated bytes. */
interface Ring {
  /** The entry that is looked at next when others have to go. */
  clockHand: Entry | undefined;
  /** The entry that is checked next for expiry. */
  sweepCursor: Entry | undefined;
  entries: number;
  bytes: number;
}

function insert(ring: Ring, entry: Entry): void {
  const { clockHand } = ring;
  if (clockHand === undefined) ring.clockHand = entry;
  else {
    entry.next = clockHand;
    entry.previous = clockHand.previous;
    clockHand.previous.next = entry;
    clockHand.previous = entry;
  }
  ring.entries++;
  ring.bytes += bytesOf(entry);
}

function remove(ring: Ring, entry: Entry): void {
  const next = entry.next === entry ? undefined : entry.next;
  entry.previous.next = entry.next;
  entry.next.previous = entry.previous;
  if (ring.clockHand === entry) ring.clockHand = next;
  if (ring.sweepCursor === entry) ring.sweepCursor = next;
  ring.entries--;
  ring.bytes -= bytesOf(entry);
  unlinkEntry(entry);
}

function sweep(ring: Ring, now: () => number): void {
  for (let step = 0; step < sweptPerInsert; step++) {
    const candidate = ring.sweepCursor ?? ring.clockHand;
    if (candidate === undefined) return;
    ring.sweepCursor = candidate.next;
    if (now() >= candidate.token.expiresOnTimestamp) remove(ring, candidate);
  }
}

/**
 * Evicts by the CLOCK algorithm: the entries form a ring, and an entry that was used since the
 * clock hand last passed it gets a second chance. That approximates least-recently-used, and a hit
 * writes one boolean. A sweep goes round the same ring: each insert looks at two entries and
 * removes those that have expired.
 */
export function createEvictionPolicy(limits: CacheLimits, now: () => number): EvictionPolicy {
  const { maxEntries = defaultMaxEntries, maxBytes = defaultMaxBytes } = limits;
  const ring: Ring = { clockHand: undefined, sweepCursor: undefined, entries: 0, bytes: 0 };
  const isFull = () => ring.entries > 1 && (ring.entries > maxEntries || ring.bytes > maxBytes);
  const evict = (keep: Entry): void => {
    for (let hand = ring.clockHand; hand !== undefined && isFull(); hand = ring.clockHand) {
      if (hand !== keep && (!hand.used || now() >= hand.token.expiresOnTimestamp)) remove(ring, hand);
      else {
        hand.used = false;
        ring.clockHand = hand.next;
      }
    }
  };

  return {
    add(entry) {
      sweep(ring, now);
      insert(ring, entry);
      evict(entry);
    },
    remove: (entry) => remove(ring, entry),
    get entries() {
      return ring.entries;
    },
    get bytes() {
      return ring.bytes;
    },
  };
}

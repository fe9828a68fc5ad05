import { bytesOf, type Entry, unlinkEntry } from "./entry.ts";

/** Entries that each insert checks for expiry. */
const sweptPerInsert = 2;

const defaultMaxEntries = 100_000;
const defaultMaxBytes = 64 * 1_048_576;

/** Bounds of all tokens in the memory of one identity, or of one credential of its own. */
export interface CacheLimits {
  /** Default 100 000. */
  readonly maxEntries?: number | undefined;
  /** Default 67 108 864 (64 MiB). */
  readonly maxBytes?: number | undefined;
}

/** All entries under common bounds as a ring, with their number and their estimated bytes. */
export interface Eviction {
  readonly limits: CacheLimits;
  readonly now: () => number;
  /** The entry that is looked at next when others have to go. */
  clockHand: Entry | undefined;
  /** The entry that is checked next for expiry. */
  sweepCursor: Entry | undefined;
  entries: number;
  /** Estimated bytes of all entries. */
  bytes: number;
}

export function createEviction(limits: CacheLimits, now: () => number): Eviction {
  return { limits, now, clockHand: undefined, sweepCursor: undefined, entries: 0, bytes: 0 };
}

function insert(ring: Eviction, entry: Entry): void {
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

/** Stops counting an entry, and removes it from its index. */
export function removeEntry(ring: Eviction, entry: Entry): void {
  const next = entry.next === entry ? undefined : entry.next;
  entry.previous.next = entry.next;
  entry.next.previous = entry.previous;
  if (ring.clockHand === entry) ring.clockHand = next;
  if (ring.sweepCursor === entry) ring.sweepCursor = next;
  ring.entries--;
  ring.bytes -= bytesOf(entry);
  unlinkEntry(entry);
}

function sweep(ring: Eviction): void {
  for (let step = 0; step < sweptPerInsert; step++) {
    const candidate = ring.sweepCursor ?? ring.clockHand;
    if (candidate === undefined) return;
    ring.sweepCursor = candidate.next;
    if (ring.now() >= candidate.token.expiresOnTimestamp) removeEntry(ring, candidate);
  }
}

function isFull({ limits, entries, bytes }: Eviction): boolean {
  const { maxEntries = defaultMaxEntries, maxBytes = defaultMaxBytes } = limits;
  return entries > 1 && (entries > maxEntries || bytes > maxBytes);
}

/**
 * Counts a new entry, and evicts others while there are too many, by the CLOCK algorithm: the
 * entries form a ring, and an entry that was used since the clock hand last passed it gets a second
 * chance. That approximates least-recently-used, and a hit writes one boolean. A sweep goes round
 * the same ring: each insert looks at two entries and removes those that have expired.
 */
export function addEntry(ring: Eviction, entry: Entry): void {
  sweep(ring);
  insert(ring, entry);
  for (let hand = ring.clockHand; hand !== undefined && isFull(ring); hand = ring.clockHand) {
    if (hand !== entry && (!hand.used || ring.now() >= hand.token.expiresOnTimestamp)) removeEntry(ring, hand);
    else {
      hand.used = false;
      ring.clockHand = hand.next;
    }
  }
}

import { bytesOf, type Entry, unlinkEntry } from "./entry.ts";

/** Bounds that all memories of one identity share. */
export interface Budget {
  add(entry: Entry): void;
  remove(entry: Entry): void;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Keeps the entries in a ring with a hand (the CLOCK algorithm): an entry that was used since the hand last passed gets a second chance.
 * That is least-recently-used closely enough, and a hit writes one boolean. A broom goes round beside it: each insert looks at two entries
 * and drops those that are dead.
 */
export function createBudget(
  limits: { readonly maxEntries: number; readonly maxBytes: number },
  now: () => number,
): Budget {
  let hand: Entry | undefined;
  let broom: Entry | undefined;
  let entries = 0;
  let bytes = 0;

  const remove = (entry: Entry): void => {
    const next = entry.next === entry ? undefined : entry.next;
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    if (hand === entry) hand = next;
    if (broom === entry) broom = next;
    entries--;
    bytes -= bytesOf(entry);
    unlinkEntry(entry);
  };
  const sweep = (): void => {
    for (let step = 0; step < 2; step++) {
      broom ??= hand;
      if (broom === undefined) return;
      const looked = broom;
      broom = looked.next;
      if (now() >= looked.token.expiresOnTimestamp) remove(looked);
    }
  };
  const evict = (keep: Entry): void => {
    while (hand !== undefined && entries > 1 && (entries > limits.maxEntries || bytes > limits.maxBytes)) {
      const candidate: Entry = hand;
      if (candidate !== keep && (!candidate.used || now() >= candidate.token.expiresOnTimestamp)) remove(candidate);
      else {
        candidate.used = false;
        hand = candidate.next;
      }
    }
  };

  return {
    add(entry) {
      sweep();
      if (hand === undefined) hand = entry;
      else {
        entry.next = hand;
        entry.previous = hand.previous;
        hand.previous.next = entry;
        hand.previous = entry;
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

import type { AccessToken, GetTokenOptions, IssuedToken } from "../contract/token.ts";

/** A token in memory. Times are milliseconds: `...Wall` since 1970, `...Mono` of the monotonic clock, so that no clock change revives it. */
export interface Entry {
  readonly issued: IssuedToken;
  /** Handed out as it is: a hit allocates nothing. */
  readonly answer: Promise<AccessToken>;
  readonly freshWall: number;
  readonly freshMono: number;
  readonly deadWall: number;
  readonly deadMono: number;
  /** Account state of the tool it came from; `undefined` for sources without one. */
  readonly account: string | undefined;
  readonly bytes: number;
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

/** The tokens of one tenant (and user) by scope text. Plain and CAE tokens never mix. */
export interface Partition {
  readonly key: string;
  readonly home: Map<string, Partition>;
  readonly plain: Map<string, Entry>;
  cae: Map<string, Entry> | undefined;
}

/** Bounds that all memories of one identity share. */
export interface Budget {
  add(entry: Entry): void;
  remove(entry: Entry): void;
  readonly entries: number;
  readonly bytes: number;
}

/** What an entry weighs besides its token text: measured with 10 000 entries, rounded up. */
const entryBytes = 600;

function tableOf(partition: Partition, cae: boolean): Map<string, Entry> | undefined {
  return cae ? partition.cae : partition.plain;
}

function unlink(entry: Entry): void {
  const { partition } = entry;
  const table = tableOf(partition, entry.cae);
  if (table?.get(entry.scope) === entry) table.delete(entry.scope);
  if (
    partition.plain.size === 0 &&
    (partition.cae?.size ?? 0) === 0 &&
    partition.home.get(partition.key) === partition
  ) {
    partition.home.delete(partition.key);
  }
}

/**
 * Keeps the entries in a ring with a hand (the CLOCK algorithm): an entry that was used since the hand last passed gets a second chance.
 * That is least-recently-used closely enough, and a hit writes one boolean. Each insert also looks at two entries and drops dead ones.
 */
export function createBudget(
  limits: { readonly maxEntries: number; readonly maxBytes: number },
  now: () => number,
): Budget {
  let hand: Entry | undefined;
  let entries = 0;
  let bytes = 0;

  const remove = (entry: Entry): void => {
    if (entry.next === entry) hand = undefined;
    else {
      entry.previous.next = entry.next;
      entry.next.previous = entry.previous;
      if (hand === entry) hand = entry.next;
    }
    entries--;
    bytes -= entry.bytes;
    unlink(entry);
  };
  const sweep = (): void => {
    for (let step = 0; step < 2 && hand !== undefined; step++) {
      if (now() >= hand.deadWall) remove(hand);
      else hand = hand.next;
    }
  };
  const evict = (keep: Entry): void => {
    while (hand !== undefined && entries > 1 && (entries > limits.maxEntries || bytes > limits.maxBytes)) {
      const candidate: Entry = hand;
      if (candidate !== keep && (!candidate.used || now() >= candidate.deadWall)) remove(candidate);
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
      bytes += entry.bytes;
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

/** Where to look: who is meant, and for what. */
export interface Place {
  /** Tenant, and user where there is one; `""` is the source's own. */
  readonly partition: string;
  readonly scope: string;
  readonly cae: boolean;
}

export interface Memory {
  /** The raw text of a call → its entry. Only normalised texts have entries, so nothing is checked here. */
  at(partition: string, scope: string, cae: boolean): Entry | undefined;
  put(
    place: Place,
    entry: Pick<Entry, "issued" | "answer" | "freshWall" | "freshMono" | "deadWall" | "deadMono" | "account">,
  ): Entry;
  clear(): void;
}

export function createMemory(budget: Budget): Memory {
  const partitions = new Map<string, Partition>();
  const open = (key: string): Partition => {
    const partition: Partition = partitions.get(key) ?? { key, home: partitions, plain: new Map(), cae: undefined };
    partitions.set(key, partition);
    return partition;
  };
  return {
    at(key, scope, cae) {
      const partition = partitions.get(key);
      if (partition === undefined) return undefined;
      return (cae ? partition.cae : partition.plain)?.get(scope);
    },
    put(place, fields) {
      const old = this.at(place.partition, place.scope, place.cae);
      if (old !== undefined) budget.remove(old);
      const partition = open(place.partition);
      if (place.cae) partition.cae ??= new Map();
      const entry = {
        ...fields,
        bytes: fields.issued.token.length + entryBytes,
        scope: place.scope,
        cae: place.cae,
        partition,
        used: false,
        failures: 0,
        retryMono: 0,
      } as Entry;
      entry.previous = entry;
      entry.next = entry;
      tableOf(partition, place.cae)?.set(place.scope, entry);
      budget.add(entry);
      return entry;
    },
    clear() {
      for (const partition of partitions.values()) {
        for (const entry of [...partition.plain.values(), ...(partition.cae?.values() ?? [])]) budget.remove(entry);
      }
    },
  };
}

/** The text under which scopes are remembered: what a caller passes, when that is in normal form already. */
export function scopeText(scopes: string | readonly string[]): string {
  if (typeof scopes === "string") return scopes;
  if (!Array.isArray(scopes)) return ""; // has no entry; the checks of the slow path say what is wrong
  return scopes.length === 1 ? scopes[0] : scopes.join(" ");
}

/** Whether a call may be answered from memory at all. */
export function mayHit(options: GetTokenOptions): boolean {
  return (
    options.claims === undefined &&
    options.proofOfPossessionOptions === undefined &&
    options.abortSignal?.aborted !== true
  );
}

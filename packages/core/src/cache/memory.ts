import type { GetTokenOptions } from "../contract/token.ts";
import type { Budget } from "./budget.ts";
import { type Entry, type Partition, tableOf } from "./entry.ts";

/** What an entry weighs besides its token text: measured with 10 000 entries, rounded up. */
const entryBytes = 600;

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
  /** How many tenants and users have entries. */
  readonly partitions: number;
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
    get partitions() {
      return partitions.size;
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

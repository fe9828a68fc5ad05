import type { GetTokenOptions } from "../contract/token.ts";
import type { Budget } from "./budget.ts";
import { type Entry, entriesOf, findEntry, linkEntry, type Partition } from "./entry.ts";

/** Where to look: who is meant, and for what. */
export interface Place {
  /** `undefined`: the source's own. */
  readonly tenant: string | undefined;
  /** Hash of a user's assertion; `undefined` where the source speaks for itself. */
  readonly user: string | undefined;
  readonly scope: string;
  readonly cae: boolean;
}

export interface Memory {
  /** The raw texts of a call → its entry. Only normalised texts have entries, so nothing is checked here. */
  at(tenant: string | undefined, user: string | undefined, scope: string, cae: boolean): Entry | undefined;
  put(place: Place, entry: Pick<Entry, "token" | "freshWall" | "freshMono" | "account" | "retryMono">): void;
  clear(): void;
  /** How many tenants and users have entries. */
  readonly partitions: number;
}

export function createMemory(budget: Budget): Memory {
  // apart, so that no text that a caller passes as a tenant is ever taken for a user
  const tenants: Partition["home"] = new Map();
  const users: Partition["home"] = new Map();
  const userKey = (tenant: string | undefined, user: string) => `${user} ${tenant ?? ""}`; // a hash has no blank

  const open = ({ tenant, user }: Place): Partition => {
    const home = user === undefined ? tenants : users;
    const key = user === undefined ? tenant : userKey(tenant, user);
    const partition: Partition = home.get(key) ?? { key, home, first: undefined, plain: undefined, cae: undefined };
    home.set(key, partition);
    return partition;
  };
  const at: Memory["at"] = (tenant, user, scope, cae) => {
    const partition = user === undefined ? tenants.get(tenant) : users.get(userKey(tenant, user));
    return partition === undefined ? undefined : findEntry(partition, scope, cae);
  };

  return {
    at,
    put(place, { token, freshWall, freshMono, account, retryMono }) {
      const { tenant, user, scope, cae } = place;
      const old = at(tenant, user, scope, cae);
      if (old !== undefined) budget.remove(old);
      const partition = open(place);
      const state = { used: false, failures: 0, retryMono };
      const entry = {
        token,
        answer: undefined,
        freshWall,
        freshMono,
        account,
        scope,
        cae,
        partition,
        ...state,
      } as Entry;
      entry.previous = entry;
      entry.next = entry;
      linkEntry(entry);
      budget.add(entry);
    },
    clear() {
      const all = [...tenants.values(), ...users.values()].flatMap(entriesOf);
      for (const entry of all) budget.remove(entry);
    },
    get partitions() {
      return tenants.size + users.size;
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

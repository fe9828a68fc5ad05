import type { GetTokenOptions } from "../contract/token.ts";
import type { Budget } from "./budget.ts";
import { createShelf, type Entry, entriesOf, findEntry, linkEntry, type Shelf } from "./entry.ts";

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
  remove(place: Place): void;
  clear(): void;
  /** Goes up whenever something is removed or cleared: what was asked for before that is not to be put. */
  readonly era: number;
  /** How many tenants and users have entries. */
  readonly owners: number;
}

export function createMemory(budget: Budget): Memory {
  // tenants and users apart, so that no text that a caller passes as a tenant is ever taken for a user; plain and CAE tokens never mix
  const tenants = { plain: createShelf(), cae: createShelf() };
  const users = { plain: createShelf(), cae: createShelf() };
  let era = 0;
  const shelves = [tenants.plain, tenants.cae, users.plain, users.cae];
  const shelfOf = (user: string | undefined, cae: boolean): Shelf => {
    const kind = user === undefined ? tenants : users;
    return cae ? kind.cae : kind.plain;
  };
  const ownerOf = (tenant: string | undefined, user: string | undefined): string | undefined =>
    // a hash has no blank, so with a tenant it is nobody else's; alone, as nearly always, no text is made for a hit
    user === undefined || tenant === undefined ? (user ?? tenant) : `${user} ${tenant}`;

  const at: Memory["at"] = (tenant, user, scope, cae) => findEntry(shelfOf(user, cae), ownerOf(tenant, user), scope);

  return {
    at,
    put({ tenant, user, scope, cae }, { token, freshWall, freshMono, account, retryMono }) {
      const old = at(tenant, user, scope, cae);
      if (old !== undefined) budget.remove(old);
      // One literal, so that all its fields stand in the object itself, and what a hit reads comes first: with a hundred thousand users each
      // line of the processor's cache that a hit needs is one more to wait for.
      const entry = {
        scope,
        freshWall,
        freshMono,
        used: false,
        answer: Promise.resolve(token),
        account,
        token,
        owner: ownerOf(tenant, user),
        shelf: shelfOf(user, cae),
        failures: 0,
        retryMono,
        previous: undefined as unknown as Entry,
        next: undefined as unknown as Entry,
      } satisfies Entry as Entry;
      entry.previous = entry;
      entry.next = entry;
      linkEntry(entry);
      budget.add(entry);
    },
    remove({ tenant, user, scope, cae }) {
      era++;
      const entry = at(tenant, user, scope, cae);
      if (entry !== undefined) budget.remove(entry);
    },
    clear() {
      era++;
      for (const entry of shelves.flatMap(entriesOf)) budget.remove(entry);
    },
    get era() {
      return era;
    },
    get owners() {
      return new Set(shelves.flatMap(entriesOf).map(({ owner }) => owner)).size;
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
    typeof options === "object" &&
    options !== null &&
    options.claims === undefined &&
    options.proofOfPossessionOptions === undefined &&
    options.abortSignal?.aborted !== true
  );
}

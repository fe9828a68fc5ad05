import { editDistance } from "../util/suggest.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set, and the one that was most likely meant. */
export interface Misspelling {
  readonly set: string;
  readonly meant: string;
}

const plain = (name: string) => name.toUpperCase().replaceAll("_", "");

/**
 * A variable whose name differs by at most two edits from one that is not set. Names in another
 * case count: Windows does not distinguish them, other systems do.
 *
 * @param unset names without a value
 */
export function findMisspelling(env: Env, unset: readonly string[], known: readonly string[]): Misspelling | undefined {
  const others = Object.keys(env).filter((name) => /^azure/i.test(name) && name.length < 64 && !known.includes(name));
  for (const set of others) {
    const meant = unset.find((name) => editDistance(plain(set), plain(name)) <= 2);
    if (meant !== undefined && env[set]?.trim()) return { set, meant };
  }
  return undefined;
}

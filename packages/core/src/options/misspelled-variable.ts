import { editDistance } from "../util/suggest.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set, and the one that was most likely meant. */
export interface Misspelling {
  readonly set: string;
  readonly meant: string;
}

const plain = (name: string) => name.toUpperCase().replaceAll("_", "");

/**
 * A variable whose name differs by at most two edits from one of `wanted`. Names in another case
 * count: Windows does not distinguish them, other systems do.
 *
 * @param wanted names that begin alike, with `AZURE_` or `AZIDENTITY_`
 * @param known names that are read, which are no misspellings
 */
export function findMisspelling(
  env: Env,
  wanted: readonly string[],
  known: readonly string[],
): Misspelling | undefined {
  const prefix = plain(wanted[0] ?? "").slice(0, 5);
  for (const set of Object.keys(env)) {
    const written = plain(set);
    if (!written.startsWith(prefix) || written.length > 64 || known.includes(set)) continue;
    const meant = wanted.find((name) => editDistance(written, plain(name)) <= 2);
    if (meant !== undefined && env[set]?.trim()) return { set, meant };
  }
  return undefined;
}

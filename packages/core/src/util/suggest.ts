/** Edit distance of two short texts (Damerau-Levenshtein): swapping two neighbours is one edit. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (older[j - 2] ?? 0) + 1);
      row.push(best);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The known name that is most similar to `wrong`; `undefined` when none is similar. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[-_\s]/g, "")
      .slice(0, 64);
  const target = plain(wrong);
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(target.length / 3)) + 1;
  for (const name of known) {
    const edits = editDistance(target, plain(name));
    if (edits < fewest) {
      best = name;
      fewest = edits;
    }
  }
  return best;
}

/** A remedy: `Did you mean "x"?`, or the list of the known names. */
export function didYouMean(wrong: string, known: readonly string[]): string {
  const name = nearest(wrong, known);
  if (name !== undefined) return `Did you mean "${name}"?`;
  return known.length === 0 ? "None is available." : `Available: ${[...known].sort().join(", ")}.`;
}

type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set, and the one that was most likely meant. */
export interface Misspelling {
  readonly set: string;
  readonly meant: string;
}

/** Variables that differ in case or underscores alone are the same to a reader. */
const comparable = (name: string) => name.toUpperCase().replaceAll("_", "");

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
  const prefix = comparable(wanted[0] ?? "").slice(0, 5);
  for (const set of Object.keys(env)) {
    const written = comparable(set);
    if (!written.startsWith(prefix) || written.length > 64 || known.includes(set)) continue;
    const meant = wanted.find((name) => editDistance(written, comparable(name)) <= 2);
    if (meant !== undefined && env[set]?.trim()) return { set, meant };
  }
  return undefined;
}

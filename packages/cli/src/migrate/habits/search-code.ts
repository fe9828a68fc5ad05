import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Bounds, defaultBounds, listCode } from "./code-files.ts";
import { findHabits, mentionsIdentity } from "./find-habits.ts";
import type { Habit } from "./habits.ts";

/** A habit in a file of the project. */
export interface CodeHabit {
  readonly file: string;
  readonly line: number;
  readonly habit: Habit;
}

/** What the code of a project has shown. */
export interface CodeReport {
  /** Files that were read. */
  readonly files: number;
  /** Files of code that mention the package. */
  readonly mentions: number;
  readonly habits: readonly CodeHabit[];
  /** Whether files were left out because there are too many, or because one is too large. */
  readonly isCut: boolean;
}

/** Searches the code of a folder; `ofAnyFile` in files that do not mention the package, too. */
export async function searchCode(
  root: string,
  ofAnyFile: readonly Habit[],
  signal: AbortSignal,
  bounds: Bounds = defaultBounds,
): Promise<CodeReport> {
  const { paths, isCut } = listCode(root, bounds);
  const habits: CodeHabit[] = [];
  const report = { files: 0, mentions: 0, isCut };
  for (const file of paths) {
    signal.throwIfAborted();
    const text = await readCode(join(root, file), bounds);
    if (text === undefined) {
      report.isCut = true;
      continue;
    }
    report.files++;
    if (mentionsIdentity(text) && !file.endsWith(".json")) report.mentions++;
    for (const { habit, line } of findHabits(text, ofAnyFile)) habits.push({ file, line, habit });
  }
  return { ...report, habits };
}

/** A file that is too large is a bundle or data; one that cannot be read is left out as well. */
async function readCode(path: string, { maxFileBytes }: Bounds): Promise<string | undefined> {
  try {
    return (await stat(path)).size > maxFileBytes ? undefined : await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** What is read of a project at most. */
export interface Bounds {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

export const defaultBounds: Bounds = { maxFiles: 50_000, maxFileBytes: 1_000_000 };

/** The files of a project that may have code. */
export interface CodeFiles {
  /** Paths from the folder on, with slashes. */
  readonly paths: readonly string[];
  /** Whether there are more than the bounds allow. */
  readonly isCut: boolean;
}

const isCode = /\.(?:[cm]?[jt]sx?|vue|svelte|json)$/;
const neverEntered = new Set(["node_modules", ".git", ".hg", ".svn"]);
const neverRead = new Set(["package-lock.json", "npm-shrinkwrap.json"]);

/** The rules of a .gitignore, and the folder for which they hold. */
interface Rules {
  readonly folder: string;
  readonly ignore: Ignore;
}

/** Lists code without node_modules and what .gitignore files leave out. Links are not followed. */
export function listCode(root: string, { maxFiles }: Bounds): CodeFiles {
  const paths: string[] = [];
  const open: { readonly folder: string; readonly rules: readonly Rules[] }[] = [{ folder: root, rules: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { folder } = next;
    const entries = entriesOf(folder);
    const rules = [...next.rules, ...(entries.some(isRuleFile) ? readRules(folder) : [])];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (neverEntered.has(entry.name) || isIgnored(rules, path, entry.isDirectory())) continue;
      if (entry.isDirectory()) open.push({ folder: path, rules });
      else if (entry.isFile() && isCode.test(entry.name) && !neverRead.has(entry.name)) {
        if (paths.length === maxFiles) return { paths: paths.toSorted(), isCut: true };
        paths.push(relative(root, path).split(sep).join("/"));
      }
    }
  }
  return { paths: paths.toSorted(), isCut: false };
}

/** A folder that cannot be read has nothing that a program runs. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Links are not followed, as by git. */
const isRuleFile = (entry: Dirent) => entry.name === ".gitignore" && entry.isFile();

function readRules(folder: string): readonly Rules[] {
  try {
    return [{ folder, ignore: ignore().add(readFileSync(join(folder, ".gitignore"), "utf8").slice(0, 1_000_000)) }];
  } catch {
    return [];
  }
}

function isIgnored(rules: readonly Rules[], path: string, isFolder: boolean): boolean {
  return rules.some(({ folder, ignore: own }) => {
    const from = relative(folder, path).split(sep).join("/");
    return own.ignores(isFolder ? `${from}/` : from);
  });
}

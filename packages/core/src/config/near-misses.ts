import { type FileFacts, systemFacts } from "../util/file-facts.ts";
import { editDistance } from "../util/suggest.ts";
import { configNames, readManifest } from "./find.ts";
import { type Program, walkUpwards } from "./program.ts";

/** A file that looks like a config but is not read. */
export interface NearMiss {
  /** Full path. */
  readonly file: string;
  /** What to do so that it is read, as the end of a sentence. */
  readonly remedy: string;
  /**
   * Whether it is most likely meant for this program; otherwise it may be that of another package.
   */
  readonly likely: boolean;
}

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/** Names in a folder; none for one that cannot be listed. */
function namesIn(folder: string): readonly string[] {
  try {
    return fs().readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a file exists; `false` also for one that the runtime does not permit to look for. */
function exists(file: string): boolean {
  try {
    return fs().existsSync(file);
  } catch {
    return false;
  }
}

/**
 * Extensions of config files in general, and the nearest extension that is read. Backups and types
 * (`.d.ts`) are excluded.
 */
const endings: Readonly<Record<string, string>> = {
  ts: "ts",
  mts: "mts",
  cts: "mts",
  tsx: "ts",
  js: "js",
  mjs: "mjs",
  cjs: "cjs",
  jsx: "js",
  json: "json",
  jsonc: "json",
  json5: "json",
  yaml: "yaml",
  yml: "yml",
  toml: "yaml",
};

const data = /^(json[c5]?|ya?ml|toml)$/;

/**
 * Whether a name differs from a known one by two edits at most, and begins like it:
 * `identity.config` is another name.
 */
function isNearly(plain: string, known: string): boolean {
  return /^[az]/.test(plain) && Math.abs(plain.length - known.length) <= 2 && editDistance(plain, known) <= 2;
}

const plainOf = (name: string) => name.toLowerCase().replace(/[-_.\s]/g, "");

/** The name under which a file would be read; `undefined` for one that is hardly a config. */
export function properName(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  const ending = name.slice(dot + 1).toLowerCase();
  const known = dot > 0 ? endings[ending] : undefined;
  const plain = plainOf(known === undefined ? name : name.slice(0, dot));
  if (name.endsWith("~") || /\.d\.[cm]?ts$/i.test(name)) return undefined;
  if (/rc$/.test(plain) && isNearly(plain, "azidentityrc"))
    return known === undefined ? ".azidentityrc" : `.azidentityrc.${known}`;
  const isConfig = isNearly(plain, "azidentityconfig") || plain === "azureidentityconfig";
  if (known === undefined) return isConfig && plain.endsWith("config") ? "azidentity.config.json" : undefined;
  return isConfig || (plain === "azidentity" && data.test(ending)) ? `azidentity.config.${known}` : undefined;
}

const isFile = (file: string) => fs().statSync(file, { throwIfNoEntry: false })?.isFile() === true;

/** A file whose name resembles one that is read. */
function misnamed(folder: string): Omit<NearMiss, "likely"> | undefined {
  for (const name of namesIn(folder)) {
    const proper = configNames.includes(name) ? undefined : properName(name);
    const file = paths().join(folder, name);
    if (proper !== undefined && isFile(file)) return { file, remedy: `rename it to ${proper}` };
  }
  return undefined;
}

/** A package.json in which our field is misspelled, or that cannot be parsed. */
function misspelledField(folder: string): Omit<NearMiss, "likely"> | undefined {
  const file = paths().join(folder, "package.json");
  const manifest = readManifest(file);
  if (manifest !== undefined) {
    const field = Object.keys(manifest).find(
      (key) => ["azidentity", "azidentityconfig"].includes(plainOf(key)) || isNearly(plainOf(key), "azidentity"),
    );
    return field === undefined ? undefined : { file, remedy: `rename its field "${field}" to "azidentity"` };
  }
  const hasField = isFile(file) && fs().readFileSync(file, "utf8").includes('"azidentity"');
  return hasField ? { file, remedy: "correct its JSON" } : undefined;
}

/** A config in a folder that is not searched. */
function misplaced(folder: string, proper: string): Omit<NearMiss, "likely"> | undefined {
  const names = namesIn(folder);
  const name = configNames.find((one) => names.includes(one));
  if (name === undefined) return undefined;
  const file = paths().join(folder, name);
  return { file, remedy: `move it to ${proper}, or name it with \`configFile\` or AZIDENTITY_CONFIG` };
}

/** The folders from the program's file up to its package, without that of the package. */
function foldersBetween({ folder, script }: Program, facts: FileFacts): readonly string[] {
  if (script === undefined) return [];
  const { folders } = walkUpwards(paths().dirname(script), script, facts);
  const end = folders.indexOf(folder);
  return end === -1 ? [] : folders.slice(0, end);
}

/** The nearest folder above the program's that has a config. */
function misplacedAbove(program: Program, facts: FileFacts): NearMiss | undefined {
  const { join } = paths();
  const { folders, refused } = walkUpwards(program.folder, program.script, facts);
  const isPackage = exists(join(program.folder, "package.json"));
  for (const folder of [...folders.slice(1), ...(refused === undefined ? [] : [refused])]) {
    // a package is a boundary: above it, only a config of the workspace around it may be meant
    if (isPackage && !exists(join(folder, "package.json"))) continue;
    const found = misplaced(folder, program.folder);
    if (found !== undefined) return { ...found, likely: !isPackage && program.script !== undefined };
  }
  return undefined;
}

/**
 * The file that is most likely the config of a program that has none. A program whose code names
 * plugins (`named`) may import a config among its sources and pass it.
 */
export function findNearMiss(program: Program, named = false, facts: FileFacts = systemFacts()): NearMiss | undefined {
  const { folder } = program;
  const inside = (names: readonly string[]) => names.map((name) => paths().join(folder, name));
  const firstIn = (folders: readonly string[]) =>
    folders.map((one) => misplaced(one, folder)).find((found) => found !== undefined);
  const likely = misnamed(folder) ?? misspelledField(folder) ?? firstIn(inside(["config", ".config"]));
  if (likely !== undefined) return { ...likely, likely: true };
  const amongSources = firstIn([...inside(["src"]), ...foldersBetween(program, facts)]);
  return amongSources === undefined ? misplacedAbove(program, facts) : { ...amongSources, likely: !named };
}

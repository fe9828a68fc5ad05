import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import { isFile } from "./relative-imports.ts";

/** What is in the folder of a package and none of its own code. */
const notOwn: readonly string[] = ["node_modules", ".git"];

/** More than any plugin has: `azid` reads all of it at each start. */
const limits = { files: 20_000, mebibytes: 256 } as const;

function tooLarge(folder: string): CommandError {
  const problem = `The package in ${folder} has more than ${limits.files} files, or ${limits.mebibytes} MiB, which is too much to compare with what was trusted.`;
  return new CommandError("package-too-large", problem, {
    remedy: "Name the file of the plugin by its path in `plugins`, or add --no-config to work without it.",
    exit: "untrusted",
  });
}

const isOwn = ({ name }: Dirent) => !notOwn.includes(name);

/** All entries of a folder and of those below it but folders; links to folders are not followed. */
function* entriesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).filter(isOwn)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* entriesBelow(path);
    else yield path;
  }
}

/**
 * The files of a package but for those of its dependencies: full paths, sorted.
 *
 * @throws {CommandError} `package-too-large`
 */
export function filesOfPackage(folder: string): readonly string[] {
  const files: string[] = [];
  let bytes = 0;
  for (const path of entriesBelow(folder)) {
    bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (files.push(path) > limits.files || bytes > limits.mebibytes * 1_048_576) throw tooLarge(folder);
  }
  return files.sort();
}

/** What counts of a file; of a link that leads to none, such as one to a folder, where it leads. */
function contentOf(path: string): Buffer | string {
  if (isFile(path)) return readFileSync(path);
  try {
    return `link: ${readlinkSync(path)}`;
  } catch {
    return "no file"; // a pipe or a device
  }
}

/**
 * SHA-256 of the names and contents of all files of a package.
 *
 * @throws {CommandError} `package-too-large`
 */
export function hashOfPackage(folder: string): string {
  const whole = createHash("sha256");
  for (const path of filesOfPackage(folder)) {
    const content = createHash("sha256").update(contentOf(path)).digest("hex");
    whole.update(`${relative(folder, path).split(sep).join("/")}\0${content}\n`);
  }
  return whole.digest("hex");
}

import { ConfigurationError } from "../errors/errors.ts";
import { type FileFacts, systemFacts } from "../util/file-facts.ts";
import { findPathFault, type PathFault, type PathTrust } from "../util/path-fault.ts";
import { isData } from "./locate.ts";
import { isOpen, type Program } from "./program.ts";

/** A file that decides the identity of the program, because its text or its code does. */
export interface TrustedFile {
  readonly path: string;
  /** What messages call it, e.g. `config file`. */
  readonly what: string;
  /** The folder in which it was found by name; `undefined`: it was named. */
  readonly searched?: string;
}

/**
 * The accounts that are trusted because they may change the program anyway: the owner of its
 * folder, and the group that may write it. What is above that folder is not checked for the same
 * reason. Without a program only the user and root are trusted.
 */
function trustOf({ folder, script }: Program, facts: FileFacts): PathTrust {
  const real = facts.realPath(folder);
  const own = facts.entry(real);
  if (own === undefined) return {};
  if (script === undefined) return { device: own.dev };
  const groups = (own.mode & 0o020) === 0 ? [] : [own.gid];
  return { owners: [own.uid], groups, within: [folder, real], device: own.dev };
}

function problemOf({ kind, path, type, uid }: PathFault, { what, path: file }: TrustedFile): string {
  const thing = path === file ? `The ${what} (${file})` : `The ${type} ${path}, on the way to the ${what},`;
  const fault = kind === "owner" ? `belongs to another account (uid ${uid})` : "may be written by other accounts";
  return `${thing} ${fault}, which could choose the identity of this program.`;
}

function remedyOf({ kind, path, type, chmod }: PathFault, facts: FileFacts): string {
  if (kind === "writable") return `Run: chmod ${chmod} ${path} (or mount it read-only).`;
  if (type === "folder") return "Move the file to a folder that belongs to root or to you.";
  if (type === "link") return "Name the file that the link leads to.";
  return `If that is intended, run: sudo chown ${facts.user} ${path} (or mount it read-only).`;
}

/**
 * Checks a file before it is used. One of another account is refused in every mode; one that other
 * accounts may write is refused in production, unless they may write the program as well. Returns a
 * warning otherwise.
 *
 * @throws {ConfigurationError} `config-owner`, `config-writable`
 */
export function checkTrust(
  file: TrustedFile,
  program: Program,
  mode: string | undefined,
  facts: FileFacts = systemFacts(),
): string | undefined {
  const { searched } = file;
  const inFolder = searched === undefined ? {} : { searched: facts.realPath(searched) };
  const fault = findPathFault(file.path, { ...trustOf(program, facts), ...inFolder }, facts);
  if (fault === undefined) return undefined;
  const problem = problemOf(fault, file);
  const remedy = remedyOf(fault, facts);
  if (fault.kind === "owner") throw new ConfigurationError("config-owner", problem, { file: file.path, remedy });
  if (mode !== "production" || isOpen(program, facts)) return `${problem} ${remedy}`;
  throw new ConfigurationError("config-writable", problem, { file: file.path, remedy });
}

/**
 * Checks what a plugin is loaded from: its file, or the `node_modules` in which its package was
 * found. A `node_modules` inside the program is trusted like all its other imports. On Windows
 * every account may create folders in the root of a drive.
 *
 * @throws {ConfigurationError} `config-owner`, `config-writable`
 */
export function checkPlugin(
  path: string,
  name: string,
  program: Program,
  mode: string | undefined,
  facts: FileFacts = systemFacts(),
): string | undefined {
  const { basename, sep } = process.getBuiltinModule("node:path");
  const { folder, script } = program;
  if (facts.user === undefined && /^[a-z]:[\\/]node_modules$/i.test(path)) {
    const problem = `The plugin ${name} was found in ${path}, which any account of this machine may have created.`;
    throw new ConfigurationError("config-owner", problem, {
      file: path,
      remedy: `Run in ${folder}: npm install ${name}`,
    });
  }
  const isOwn = script !== undefined && path.startsWith(`${folder}${sep}`) && basename(path) === "node_modules";
  return isOwn ? undefined : checkTrust({ path, what: `plugin ${name}` }, program, mode, facts);
}

/**
 * JSON and YAML are data, but a plugin that they name is run: its path has to be inside the
 * config's folder.
 *
 * @throws {ConfigurationError} `path-outside-config`
 */
export function refusePathsOutside(plugins: readonly unknown[], file: string): void {
  if (!isData(file)) return;
  const { dirname, isAbsolute, relative, resolve } = process.getBuiltinModule("node:path");
  for (const plugin of plugins) {
    if (typeof plugin !== "string") continue;
    const isName = !isAbsolute(plugin) && !plugin.startsWith(".");
    if (isName && !plugin.split(/[\\/]/).includes("..")) continue;
    const inside = relative(dirname(file), resolve(dirname(file), plugin));
    if (!isName && !inside.startsWith("..") && !isAbsolute(inside)) continue;
    throw new ConfigurationError(
      "path-outside-config",
      `${file} names the plugin ${plugin}, which is outside its folder.`,
      {
        file,
        path: "plugins",
        remedy:
          "Move the plugin into the project, install it as a package, or write the config in TypeScript or JavaScript.",
      },
    );
  }
}

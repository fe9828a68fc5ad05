import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigurationError } from "@azidentity/core";
import { findConfigAbove, isData, readDataConfig } from "@azidentity/core/project";
import type { Host } from "../host.ts";
import { codeNamedIn, type NamedCode } from "./named-code.ts";
import { loadOfficialPlugins } from "./official-plugins.ts";
import { hashOfPackage } from "./package-files.ts";
import { filesOfProgram } from "./relative-imports.ts";

/** The config of the working directory, and what it would run. */
export interface Project {
  /** Full path of the config. */
  readonly file: string;
  readonly folder: string;
  /** What has to be trusted before; empty: nothing. */
  readonly code: readonly NamedCode[];
  /**
   * SHA-256 of the config and of each file that it runs, by full path. A package is one entry, with
   * `**` behind its folder.
   */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * Full path of the config file: that of `--config`, else of AZIDENTITY_CONFIG, else of the working
 * directory or the nearest folder above it that has one.
 *
 * @param config the option: a file, or `false` for none
 * @throws {ConfigurationError} `config-not-found`; `config-unreadable`: a folder cannot be searched
 */
export function findConfig(
  { environment, workingDirectory }: Pick<Host, "environment" | "workingDirectory">,
  config?: string | false,
): string | undefined {
  if (config === false) return undefined;
  const named = config ?? (environment.AZIDENTITY_CONFIG?.trim() || undefined);
  if (named === undefined) return findConfigAbove(workingDirectory);
  const file = resolve(workingDirectory, named);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  const remedy = config === undefined ? "Check AZIDENTITY_CONFIG." : "Check the option --config.";
  throw new ConfigurationError("config-not-found", `There is no config file ${file}.`, { file, remedy });
}

const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/**
 * The names of the options of a source of the official plugins; `undefined`: they cannot be listed.
 */
async function optionsOf(source: string): Promise<readonly string[] | undefined> {
  const sources = (await loadOfficialPlugins()).flatMap((plugin) => plugin.sources ?? []);
  const options = sources.find(({ name }) => name === source)?.options as { readonly fields?: object } | undefined;
  return options?.fields && Object.keys(options.fields);
}

/**
 * Without options that the source does not have: core refuses the config for them, with the name
 * that was meant.
 */
async function withoutMisspelled(code: readonly NamedCode[]): Promise<readonly NamedCode[]> {
  const kept = code.map(async (each) => {
    const names = each.option && (await optionsOf(each.option.source));
    return names === undefined || names.includes(each.option?.name ?? "") ? [each] : [];
  });
  return (await Promise.all(kept)).flat();
}

/** The hashes of files and packages, sorted by their paths. */
function hashesOf(config: string, code: readonly NamedCode[]): Project["hashes"] {
  const files = [config, ...code.flatMap((each) => each.files)].map((path) => [path, () => hashOf(path)] as const);
  const packages = code.flatMap(({ packageFolder: folder }) =>
    folder === undefined ? [] : [[join(folder, "**"), () => hashOfPackage(folder)] as const],
  );
  const sorted = [...new Map([...files, ...packages])].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([path, hash]) => [path, hash()]));
}

/**
 * What a config would run. A config that is a program is read as text, and one that is data is
 * parsed; nothing runs.
 *
 * @throws {ConfigurationError} what is wrong with a config that is data
 * @throws {CommandError} `package-too-large`
 */
export async function readProject(file: string): Promise<Project> {
  const folder = dirname(file);
  const code = isData(file)
    ? await withoutMisspelled(codeNamedIn(await readDataConfig(file), folder))
    : [{ what: "the config itself, which is a program", files: filesOfProgram([file]) }];
  return { file, folder, code, hashes: code.length === 0 ? {} : hashesOf(file, code) };
}

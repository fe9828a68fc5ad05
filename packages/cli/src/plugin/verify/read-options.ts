import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { usageError } from "../../errors/command-error.ts";
import type { Host } from "../../host.ts";

/** Options of sources by their names, for those that cannot be guessed. */
export type GivenOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Options of sources, from a file of the author.
 *
 * @throws {CommandError} `usage`
 */
export function readOptions(file: unknown, { workingDirectory }: Host): GivenOptions {
  if (typeof file !== "string") return {};
  try {
    return Object(JSON.parse(readFileSync(resolve(workingDirectory, file), "utf8"))) as GivenOptions;
  } catch {
    throw usageError(`${file} cannot be read as JSON.`, 'Write options by source: { "team-broker": { "url": "..." } }');
  }
}

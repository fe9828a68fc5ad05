import { randomUUID } from "node:crypto";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findPathFault } from "@azidentity/core/plugin";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import type { Project } from "./find-project.ts";
import { makeFolder } from "./make-folder.ts";
import { requireUserFolder, userFolder } from "./user-folder.ts";

/** A config that the user has trusted. */
export interface TrustedConfig {
  /** Hashes of the config and of each file that it runs, as they were then. */
  readonly hashes: Readonly<Record<string, string>>;
  /** When that was: ISO 8601. */
  readonly trustedAt: string;
}

/** Trusted configs by full path. */
export type TrustList = Readonly<Record<string, TrustedConfig>>;

const fileName = "trusted.json";

function unusable(file: string, problem: string, remedy: string, cause?: unknown): CommandError {
  return new CommandError("trust-list-unusable", `The list of trusted configs (${file}) ${problem}.`, {
    remedy,
    cause,
  });
}

/** Refuses a list that another account may have written. */
function refuseOthers(file: string): void {
  const fault = findPathFault(file);
  if (fault === undefined) return;
  const remedy = fault.chmod === undefined ? `Delete ${file}.` : `Run: chmod ${fault.chmod} ${fault.path}`;
  throw unusable(file, `can be changed by other accounts, because of ${fault.path}`, remedy);
}

/**
 * What the user has trusted; empty where there is no list, and no home folder.
 *
 * @throws {CommandError} `trust-list-unusable`
 */
export function readTrustList(host: Host): TrustList {
  const folder = userFolder(host);
  if (folder === undefined) return {};
  const file = join(folder, fileName);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw unusable(file, "cannot be read", `Make it readable, or delete it and run: azid trust`, cause);
  }
  refuseOthers(file);
  try {
    const { version, configs } = JSON.parse(text) as { version: unknown; configs: TrustList };
    if (version === 1 && typeof configs === "object" && configs !== null) return configs;
  } catch {
    // the text below says it
  }
  throw unusable(file, "is damaged", `Delete it, and run: azid trust`);
}

/** Whether everything that a config runs is as it was when the user trusted it. */
export function isTrusted({ file, code, hashes }: Project, list: TrustList): boolean {
  if (code.length === 0) return true;
  const trusted = Object.hasOwn(list, file) ? list[file]?.hashes : undefined;
  const same = Object.entries(hashes).every(([path, hash]) => trusted?.[path] === hash);
  return trusted !== undefined && same && Object.keys(trusted).length === Object.keys(hashes).length;
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // its folder is none
  }
}

/**
 * Writes the list, readable for the user alone; a process that is interrupted leaves the old one.
 *
 * @throws {CommandError} `no-home`, `trust-list-unusable`
 */
export function writeTrustList(configs: TrustList, host: Host): void {
  const file = join(requireUserFolder(host), fileName);
  const draft = `${file}.${randomUUID()}`;
  try {
    makeFolder(dirname(file));
    chmodSync(dirname(file), 0o700);
    writeFileSync(draft, `${JSON.stringify({ version: 1, configs }, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (cause) {
    discard(draft);
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable(file, `cannot be written (${code})`, "Make its folder writable, or set XDG_CONFIG_HOME.", cause);
  }
}

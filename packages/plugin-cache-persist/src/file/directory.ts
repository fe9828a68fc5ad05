import { chmod, lstat } from "node:fs/promises";
import { findPathFault, outcomeError } from "@azidentity/core/plugin";
import { formatVersion } from "../seal/sealer.ts";
import { isOwn } from "./entry-file.ts";
import { makeFolder } from "./make-folder.ts";

type Env = Readonly<Record<string, string | undefined>>;

function unusable(message: string, remedy: string, cause?: unknown) {
  return outcomeError("misconfigured", message, { code: "store-directory-unusable", remedy, cause });
}

function dataDirectory(env: Env, platform: NodeJS.Platform): string | undefined {
  const { join, isAbsolute } = process.getBuiltinModule("node:path").posix;
  if (platform === "win32") return env.LOCALAPPDATA;
  if (platform === "darwin") return env.HOME && join(env.HOME, "Library", "Application Support");
  const { XDG_DATA_HOME: own = "" } = env;
  return isAbsolute(own) ? own : env.HOME && join(env.HOME, ".local", "share");
}

/** The folder of a cache: in the user's data directory, unless one is configured. */
export function directoryOf(
  cache: string,
  configured: string | undefined,
  env: Env,
  platform: NodeJS.Platform,
): string {
  const { join, resolve } = process.getBuiltinModule("node:path");
  const base = configured === undefined ? dataDirectory(env, platform) : resolve(configured);
  if (base === undefined || base === "") {
    const variable = platform === "win32" ? "LOCALAPPDATA" : "HOME";
    throw unusable(`${variable} is not set, so there is no folder for a token store.`, "Set `cache.directory`.");
  }
  return join(configured === undefined ? join(base, "azidentity") : base, `v${formatVersion}`, `cache-${cache}`);
}

/**
 * Throws if an account other than root and the current one could replace a folder above `path`.
 * Groups of the process are trusted, because volumes are shared that way (Kubernetes' `fsGroup`).
 */
function refuseExposed(path: string): void {
  const { dirname } = process.getBuiltinModule("node:path");
  const fault = findPathFault(dirname(path), { groups: process.getgroups?.() ?? [] });
  if (fault === undefined) return;
  const subject = `The ${fault.type} ${fault.path}, on the path of the token store,`;
  const [problem, remedy] =
    fault.chmod === undefined
      ? [`${subject} belongs to another account (uid ${fault.uid}).`, "Set `cache.directory` to a folder that you own."]
      : [
          `${subject} is writable for other accounts.`,
          `Run: chmod ${fault.chmod} ${fault.path}, or set \`cache.directory\`.`,
        ];
  throw outcomeError("misconfigured", problem, { code: "store-directory-exposed", remedy });
}

const ownCodes = ["store-directory-unusable", "store-directory-exposed"];

/**
 * Creates the folder with access for its owner only. Throws if it is a link, belongs to another
 * account, or is below a folder that others may write. Takes access away from others if it exists.
 */
export async function prepareDirectory(path: string): Promise<void> {
  try {
    refuseExposed(path);
    await makeFolder(path);
    const stats = await lstat(path);
    if (!stats.isDirectory())
      throw unusable(`${path} is a link, not a folder.`, "Remove it, or set `cache.directory`.");
    if (!isOwn(stats.uid))
      throw unusable(`${path} belongs to another account.`, "Set `cache.directory` to a folder that you own.");
    if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) await chmod(path, 0o700);
  } catch (error) {
    if (ownCodes.includes((error as { readonly code?: string }).code ?? "")) throw error;
    const { code, name } = error as NodeJS.ErrnoException;
    throw unusable(
      `${path} cannot be used for a token store (${code ?? name}).`,
      "Make it writable, or set `cache.directory`.",
      error,
    );
  }
}

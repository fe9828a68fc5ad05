import { chmod, lstat, mkdir } from "node:fs/promises";
import { findPathFault, outcomeError } from "@azidentity/core/plugin";
import { formatVersion } from "../seal/sealer.ts";
import { isOwn } from "./entry-file.ts";

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

/** Where the entries of a cache lie: in the user's data directory, unless the config says otherwise. */
export function directoryOf(cache: string, given: string | undefined, env: Env, platform: NodeJS.Platform): string {
  const { join, resolve } = process.getBuiltinModule("node:path");
  const base = given === undefined ? dataDirectory(env, platform) : resolve(given);
  if (base === undefined || base === "") {
    const variable = platform === "win32" ? "LOCALAPPDATA" : "HOME";
    throw unusable(`${variable} is not set, so there is no place for a token store.`, "Set `cache.directory`.");
  }
  return join(given === undefined ? join(base, "azidentity") : base, `v${formatVersion}`, `cache-${cache}`);
}

/**
 * Refuses a folder above which an account other than root and the process's own could put another one in its place. Groups that this process is in are
 * trusted with that, because they are how volumes are shared (Kubernetes' `fsGroup`).
 */
function refuseExposed(path: string): void {
  const { dirname } = process.getBuiltinModule("node:path");
  const fault = findPathFault(dirname(path), { groups: process.getgroups?.() ?? [] });
  if (fault === undefined) return;
  const what = `The ${fault.type} ${fault.path}, on the way to the token store,`;
  const [problem, remedy] =
    fault.chmod === undefined
      ? [`${what} belongs to another account (uid ${fault.uid}).`, "Set `cache.directory` to a folder of yours."]
      : [
          `${what} may be written by other accounts.`,
          `Run: chmod ${fault.chmod} ${fault.path}, or set \`cache.directory\`.`,
        ];
  throw outcomeError("misconfigured", problem, { code: "store-directory-exposed", remedy });
}

const ownCodes = ["store-directory-unusable", "store-directory-exposed"];

/**
 * Makes the folder, for its owner alone. One that is a link, another account's, or below a folder that others may
 * write is refused; one that others may enter is closed.
 */
export async function prepareDirectory(path: string): Promise<void> {
  try {
    refuseExposed(path);
    await mkdir(path, { recursive: true, mode: 0o700 });
    const stats = await lstat(path);
    if (!stats.isDirectory())
      throw unusable(`${path} is a link, not a folder.`, "Remove it, or set `cache.directory`.");
    if (!isOwn(stats.uid))
      throw unusable(`${path} belongs to another account.`, "Set `cache.directory` to a folder of yours.");
    if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) await chmod(path, 0o700);
  } catch (error) {
    if (ownCodes.includes((error as { readonly code?: string }).code ?? "")) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw unusable(
      `${path} cannot be used for a token store (${reason}).`,
      "Make it writable, or set `cache.directory`.",
      error,
    );
  }
}

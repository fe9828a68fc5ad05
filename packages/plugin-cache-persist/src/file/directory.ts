import { chmod, lstat, mkdir } from "node:fs/promises";
import { outcomeError } from "@azidentity/core/plugin";
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

/** Makes the folder, for its owner alone. One that is a link or somebody else's is refused, one that others may enter is closed. */
export async function prepareDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const stats = await lstat(path);
    if (!stats.isDirectory())
      throw unusable(`${path} is a link, not a folder.`, "Remove it, or set `cache.directory`.");
    if (!isOwn(stats.uid))
      throw unusable(`${path} belongs to somebody else.`, "Set `cache.directory` to a folder of yours.");
    if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) await chmod(path, 0o700);
  } catch (error) {
    if ((error as { readonly code?: string }).code === "store-directory-unusable") throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw unusable(
      `${path} cannot be used for a token store (${reason}).`,
      "Make it writable, or set `cache.directory`.",
      error,
    );
  }
}

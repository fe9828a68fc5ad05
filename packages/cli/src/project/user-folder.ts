import { isAbsolute, join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";

/** Where the platform keeps settings of a user; `undefined`: nowhere. */
function settingsFolder({ environment, home, platform }: Parameters<typeof userFolder>[0]): string | undefined {
  const { XDG_CONFIG_HOME: own = "", APPDATA } = environment;
  if (platform === "win32") return APPDATA;
  const house = home === undefined || !isAbsolute(home) ? undefined : home;
  if (platform === "darwin") return house && join(house, "Library", "Application Support");
  return isAbsolute(own) ? own : house && join(house, ".config");
}

/**
 * The folder in which `azid` keeps the settings of a user: `$XDG_CONFIG_HOME/azid`, else
 * `~/.config/azid`; `~/Library/Application Support/azid` on macOS, `%APPDATA%\azid` on Windows. It
 * may not exist.
 */
export function userFolder(host: Pick<Host, "environment" | "home" | "platform">): string | undefined {
  const folder = settingsFolder(host);
  return folder === undefined || folder === "" ? undefined : join(folder, "azid");
}

/**
 * The same where it is needed.
 *
 * @throws {CommandError} `no-home`
 */
export function requireUserFolder(host: Host): string {
  const folder = userFolder(host);
  if (folder !== undefined) return folder;
  const variable = host.platform === "win32" ? "APPDATA" : "HOME";
  throw new CommandError("no-home", "This account has no home folder, so there is no place for its settings.", {
    remedy: `Set ${variable} to a folder that you own.`,
  });
}

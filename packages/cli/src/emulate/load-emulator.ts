import { CommandError } from "../errors/command-error.ts";

/** The package of the emulator, which is installed by those who want it. */
export type EmulatorPackage = typeof import("@azidentity/emulator");

/**
 * Imports the emulator that is installed beside `azid`; one that a project has is code of the
 * project.
 *
 * @throws {CommandError} `emulator-missing`
 */
export async function loadEmulator(load = () => import("@azidentity/emulator")): Promise<EmulatorPackage> {
  try {
    return await load();
  } catch (cause) {
    const { code, message = "" } = Object(cause) as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("@azidentity/emulator")) throw cause;
    throw new CommandError("emulator-missing", "The package @azidentity/emulator is not installed beside azid.", {
      remedy:
        "Run: npm install --global @azidentity/emulator (or without --global, in the project whose dependency azid is)",
      cause,
    });
  }
}

import { writeFileSync } from "node:fs";
import { CommandError } from "../errors/command-error.ts";

function refusal(file: string, cause: NodeJS.ErrnoException): CommandError {
  if (cause.code === "EEXIST")
    return new CommandError("config-exists", `${file} exists already.`, {
      remedy: "Edit it, or add --force to replace it.",
      exit: "usage",
    });
  const isReadOnly = ["EROFS", "EACCES", "EPERM"].includes(cause.code ?? "");
  const remedy = isReadOnly ? "Make the folder writable, or run azid init in another one." : "Check the folder.";
  return new CommandError("config-not-written", `${file} cannot be written (${cause.code}).`, { remedy, cause });
}

/**
 * Writes a new config.
 *
 * @param isForced whether a file of that name is replaced
 * @throws {CommandError} `config-exists`, `config-not-written`
 */
export function writeConfig(file: string, text: string, isForced: boolean): void {
  try {
    writeFileSync(file, text, { flag: isForced ? "w" : "wx", mode: 0o644 });
  } catch (cause) {
    throw refusal(file, cause as NodeJS.ErrnoException);
  }
}

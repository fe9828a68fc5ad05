import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
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
 * Replaces a file, and not what a symbolic link of that name leads to; what is there stays until
 * the new one is written.
 */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode: 0o644 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Writes a new config.
 *
 * @param isForced whether a file of that name is replaced
 * @throws {CommandError} `config-exists`, `config-not-written`
 */
export function writeConfig(file: string, text: string, isForced: boolean): void {
  try {
    if (isForced) replaceFile(file, text);
    else writeFileSync(file, text, { flag: "wx", mode: 0o644 });
  } catch (cause) {
    throw refusal(file, cause as NodeJS.ErrnoException);
  }
}

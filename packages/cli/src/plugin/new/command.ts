import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CommandInput } from "../../command-line/description.ts";
import { CommandError } from "../../errors/command-error.ts";
import type { Host } from "../../host.ts";
import { makeFolder } from "../../project/make-folder.ts";
import { plainLine } from "../../terminal/plain-text.ts";
import { writeLine } from "../../terminal/write.ts";
import { readVersion } from "../../version.ts";
import { pluginFiles } from "./plugin-files.ts";
import { readPluginName } from "./plugin-name.ts";

function refusal(folder: string, cause: NodeJS.ErrnoException): CommandError {
  if (cause.code === "EEXIST") {
    const remedy = "Choose another name, or name a folder with --folder.";
    return new CommandError("folder-exists", `${folder} exists already.`, { remedy, exit: "usage" });
  }
  const remedy = "Make the folder above it writable, or name another one with --folder.";
  return new CommandError("folder-not-written", `${folder} cannot be written (${cause.code}).`, { remedy, cause });
}

/** Writes the files into a folder that must not exist. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    makeFolder(dirname(folder), 0o777);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name);
      makeFolder(dirname(file), 0o777);
      writeFileSync(file, text, { flag: "wx" });
    }
  } catch (cause) {
    throw refusal(folder, cause as NodeJS.ErrnoException);
  }
}

/** Writes a plugin with one source and its test, which passes. */
export async function run({ arguments: [name = ""], options }: CommandInput, host: Host): Promise<undefined> {
  const names = readPluginName(name);
  const folder = resolve(host.workingDirectory, typeof options.folder === "string" ? options.folder : names.folder);
  writeFiles(folder, pluginFiles(names, readVersion()));
  await writeLine(host.output, plainLine(folder));
  await writeLine(host.errorOutput, `Next: cd ${plainLine(folder)}, npm install, npm test, azid plugin verify`);
}

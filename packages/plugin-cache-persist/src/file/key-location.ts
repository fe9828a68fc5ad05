import { readOwnFile, replaceFile } from "./entry-file.ts";

/**
 * Records, next to the entries, which keyring has their key. A keyring that does not answer is then
 * known to have it, and no other key is created.
 */
export interface KeyLocation {
  /**
   * Name of the keyring; `undefined`: none has been recorded. Throws if the record cannot be read.
   */
  read(): string | undefined;
  write(keyringName: string): Promise<void>;
}

export function createKeyLocation(directory: string): KeyLocation {
  const path = process.getBuiltinModule("node:path").join(directory, "key-location");
  return {
    read() {
      const bytes = readOwnFile(path);
      if (typeof bytes === "string") throw new Error(`${path} is ${bytes}`);
      return bytes && Buffer.from(bytes).toString("utf8").trim();
    },
    write: (keyringName) => replaceFile(path, Buffer.from(`${keyringName}\n`)),
  };
}

import { readOwnFile, replaceFile } from "./entry-file.ts";

/** Remembers, beside the entries, which keyring holds their key: a keyring that does not answer is then known to hold one. */
export interface KeyPlace {
  /** Name of the keyring; `undefined`: no key was kept yet. Throws when that cannot be read. */
  read(): string | undefined;
  write(name: string): Promise<void>;
}

export function createKeyPlace(directory: string): KeyPlace {
  const path = process.getBuiltinModule("node:path").join(directory, "key-place");
  return {
    read() {
      const bytes = readOwnFile(path);
      if (typeof bytes === "string") throw new Error(`${path} is ${bytes}`);
      return bytes && Buffer.from(bytes).toString("utf8").trim();
    },
    write: (name) => replaceFile(path, Buffer.from(`${name}\n`)),
  };
}

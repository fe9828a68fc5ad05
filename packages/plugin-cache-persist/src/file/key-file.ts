import { link, open, unlink } from "node:fs/promises";
import { readOwnFile } from "./entry-file.ts";
import type { KeyStore } from "./keyring.ts";

/**
 * Keys in files next to the tokens, for `unsafeAllowUnencryptedStorage`: reading these files is
 * enough to read the tokens.
 */
export function createKeyFiles(directory: string): KeyStore {
  const { join } = process.getBuiltinModule("node:path");
  const pathOf = (account: string) => join(directory, `${account}.key`);
  return {
    name: "key file",
    unlock: `Make the key file in ${directory} readable for the user of this program only`,
    isMissing: () => false, // a missing file is read as `undefined`
    async read(account) {
      const bytes = readOwnFile(pathOf(account));
      if (typeof bytes === "string") throw new Error(`the key file is ${bytes}`);
      return bytes && Buffer.from(bytes).toString("utf8");
    },
    async write(account, secret) {
      const path = pathOf(account);
      const file = await open(`${path}.tmp`, "w", 0o600);
      try {
        await file.writeFile(secret);
        await file.sync();
      } finally {
        await file.close();
      }
      try {
        await link(`${path}.tmp`, path); // the file appears with its contents, and never replaces a key that is in use
      } finally {
        await unlink(`${path}.tmp`);
      }
    },
    remove: (account) => unlink(pathOf(account)),
  };
}

import { CommandError } from "../errors/command-error.ts";
import { type ClientKey, createKey, minKeyLength } from "./client-keys.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

const head = "# Keys of azid serve, one client a line. Delete a line to give its client a new key.";

/**
 * The keys of clients from a file that keeps them from run to run. Clients that it does not have
 * get new keys, which are added; the file is created where it is missing.
 *
 * @throws {CommandError} `invalid-key-file`, `file-exposed`, `file-unusable`, `folder-exposed`
 */
export async function keysOfFile(path: string, names: readonly string[]): Promise<ClientKey[]> {
  const text = await readPrivateFile(path);
  const known = text === undefined ? new Map<string, string>() : parseKeys(path, text);
  const missing = names.filter((name) => !known.has(name));
  for (const name of missing) known.set(name, createKey());
  if (missing.length > 0) {
    const lines = (text ?? head).trimEnd();
    const added = missing.map((name) => `${name}=${known.get(name)}\n`).join("");
    await writePrivateFile(path, `${lines}\n${added}`, "Choose another --key-file, in a folder that you may write to.");
  }
  return names.map((name) => ({ name, key: known.get(name) as string }));
}

const line = /^([\w.-]+)=([\w.~+/=-]+)$/; // a key that shells read as it is

function parseKeys(path: string, text: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    if (content.trim() === "" || content.startsWith("#")) continue;
    const [, name = "", key = ""] = line.exec(content) ?? [];
    const isReused = keys.has(name) || [...keys.values()].includes(key);
    if (key.length < minKeyLength || isReused) {
      throw new CommandError("invalid-key-file", `Line ${index + 1} of ${path} is no key of a client.`, {
        remedy: `A line is NAME=KEY, with a key of at least ${minKeyLength} characters that no other line has. Delete it, and azid serve makes a new key.`,
      });
    }
    keys.set(name, key);
  }
  return keys;
}

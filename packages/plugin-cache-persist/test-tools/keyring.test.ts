import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../test/temp-folder.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "keyring-program.mjs");

/** Runs lines of a shell in which `store <folder> <name> <what> [<value>]` is a fresh process; what each of these printed. */
async function inShell(session: readonly [string, ...string[]], ...lines: readonly string[]) {
  const script = [`store() { "${process.execPath}" "${program}" "$@"; }`, ...lines].join("\n");
  const env = { PATH: process.env.PATH, HOME: tempFolder(), XDG_RUNTIME_DIR: tempFolder() };
  const [file, ...args] = [...session, "bash", "-c", script];
  const { stdout } = await run(file, args, { env, timeout: 30_000 });
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

const bus = ["dbus-run-session", "--"] as const;
const unlock = "printf ci-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
const kernel = ["keyctl", "session", "-"] as const;

describe("the Secret Service", () => {
  it("keeps the key from one process to the next, and leaves none beside the tokens", async () => {
    const folder = tempFolder();
    const printed = await inShell(bus, unlock, `store ${folder} mine set token`, `store ${folder} mine get`);
    expect(printed).toEqual([{ value: "token" }, { value: "token" }]);
    expect(readdirSync(join(folder, "v1", "cache-mine")).filter((name) => name.endsWith(".key"))).toEqual([]);
  });

  it("gives each cache a key of its own, so that one cannot open what was copied from another", async () => {
    const folder = tempFolder();
    const copy = `cp ${folder}/v1/cache-one/* ${folder}/v1/cache-two/`;
    const lines = [`store ${folder} one set token`, `store ${folder} two set other`, copy, `store ${folder} two get`];
    expect(await inShell(bus, unlock, ...lines)).toEqual([{ value: "token" }, { value: "other" }, { value: "other" }]);
  });

  it("gets one key only when several processes start at once", async () => {
    const folder = tempFolder();
    const start = `for n in 1 2 3 4 5 6; do store ${folder} mine get & done; wait`;
    const printed = await inShell(bus, unlock, start, `store ${folder} mine set token`, `store ${folder} mine get`);
    expect(printed).toEqual([...Array(6).fill({}), { value: "token" }, { value: "token" }]);
  });
});

describe("the kernel keyring", () => {
  it("keeps the key where there is no session bus", async () => {
    const folder = tempFolder();
    const printed = await inShell(kernel, `store ${folder} mine set token`, `store ${folder} mine get`);
    expect(printed).toEqual([{ value: "token" }, { value: "token" }]);
  });
});

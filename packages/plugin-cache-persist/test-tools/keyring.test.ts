import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bus, inShell as inSession, lock, unlock, unlockAgain } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../test/temp-folder.ts";

const program = join(import.meta.dirname, "keyring-program.mjs");

/** Runs shell lines in which `store <folder> <name> <operation> [<value>]` starts the program. */
const inShell = (session: readonly [string, ...string[]], ...lines: readonly string[]) =>
  inSession(program, session, ['store() { run "$@"; }', ...lines]);

const kernel = ["keyctl", "session", "-"] as const;
/**
 * Unique, because the kernel keeps keys for days beyond the session, where later runs would find
 * them.
 */
const kernelName = `kernel-${randomUUID()}`;

describe("the Secret Service", () => {
  it("the Secret Service keeps the key between processes, and no key is next to the tokens", async () => {
    const folder = tempFolder();
    const printed = await inShell(bus, unlock, `store ${folder} mine set token`, `store ${folder} mine get`);
    expect(printed).toEqual([{ value: "token" }, { value: "token" }]);
    expect(readdirSync(join(folder, "v1", "cache-mine")).filter((name) => name.endsWith(".key"))).toEqual([]);
  });

  it("each cache has its own key, so that it cannot open entries copied from another", async () => {
    const folder = tempFolder();
    const copy = `cp ${folder}/v1/cache-one/* ${folder}/v1/cache-two/`;
    const lines = [`store ${folder} one set token`, `store ${folder} two set other`, copy, `store ${folder} two get`];
    expect(await inShell(bus, unlock, ...lines)).toEqual([{ value: "token" }, { value: "other" }, { value: "other" }]);
  });

  it("processes that start at once create one key", async () => {
    const folder = tempFolder();
    const start = `for n in 1 2 3 4 5 6; do store ${folder} mine get & done; wait`;
    const printed = await inShell(bus, unlock, start, `store ${folder} mine set token`, `store ${folder} mine get`);
    expect(printed).toEqual([...Array(6).fill({}), { value: "token" }, { value: "token" }]);
  });
});

describe("the file store", () => {
  const unreadable = { code: "store-key-unreadable" };

  /**
   * Runs lines while the keyring cannot be read, between two sign-ins; checks that the folder stays
   * as it is.
   */
  async function whileUnreadable(folder: string, break_: string, ...lines: readonly string[]) {
    const store = `store ${folder} mine`;
    const list = `ls ${folder}/v1/cache-mine | grep -v swept | sed 's/.*/{"file":"&"}/'`;
    const printed = await inShell(
      ["keyctl", "session", "-", ...bus],
      ...[unlock, `${store} add first`, list, break_, ...lines, list, unlockAgain, `${store} add second`],
    );
    const files = printed.filter((one) => "file" in one).map(({ file }) => file);
    const count = files.length / 2;
    expect(files.slice(count)).toEqual(files.slice(0, count));
    return printed.filter((one) => !("file" in one));
  }

  it.each([
    ["is locked", lock],
    ["is locked and was restarted", "gnome-keyring-daemon --replace --components=secrets --daemonize >/dev/null 2>&1"],
    ["has lost its session bus", "export BUS=$DBUS_SESSION_BUS_ADDRESS; export DBUS_SESSION_BUS_ADDRESS="],
    ["has a session bus that has ended", "export BUS=$DBUS_SESSION_BUS_ADDRESS DBUS_SESSION_BUS_ADDRESS=unix:path=/no"],
  ])("stored sign-ins stay unchanged and no key is created elsewhere when the Secret Service %s", async (_, break_) => {
    const folder = tempFolder();
    const store = `store ${folder} mine`;
    const lines = [`${store} get`, `UNSAFE=1 ${store} get`, `UNSAFE=1 ${store} set token`, `${store} add lost`];
    const restoreBus = 'test -z "$BUS" || export DBUS_SESSION_BUS_ADDRESS=$BUS';
    expect(await whileUnreadable(folder, break_, ...lines, restoreBus)).toEqual([
      { value: "first " },
      unreadable,
      unreadable,
      unreadable,
      unreadable,
      { value: "first second " },
    ]);
  });
});

describe("the kernel keyring", () => {
  it("the kernel keyring keeps the key without a session bus", async () => {
    const folder = tempFolder();
    const store = `store ${folder} ${kernelName}`;
    const printed = await inShell(kernel, `${store} set token`, `${store} get`);
    expect(printed).toEqual([{ value: "token" }, { value: "token" }]);
  });
});

import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../test/temp-folder.ts";
import { bus, inShell as inSession, lock, unlock, unlockAgain } from "./keyring-session.ts";

const program = join(import.meta.dirname, "keyring-program.mjs");

/** Lines in which `store <folder> <name> <what> [<value>]` is a fresh process. */
const inShell = (session: readonly [string, ...string[]], ...lines: readonly string[]) =>
  inSession(program, session, ['store() { run "$@"; }', ...lines]);

const kernel = ["keyctl", "session", "-"] as const;
/** The kernel keeps keys of a user for days, beyond the session: a cache of that name is found again by later runs. */
const kernelName = `kernel-${randomUUID()}`;

describe("the Secret Service", { timeout: 30_000 }, () => {
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

describe("the file store", { timeout: 30_000 }, () => {
  const unreadable = { code: "store-key-unreadable" };

  /** Runs lines while it cannot be read, between two sign-ins; what they printed, and what lies in the folder. */
  async function meanwhile(folder: string, break_: string, ...lines: readonly string[]) {
    const store = `store ${folder} mine`;
    const list = `ls ${folder}/v1/cache-mine | grep -v swept | sed 's/.*/{"file":"&"}/'`;
    const printed = await inShell(
      ["keyctl", "session", "-", ...bus],
      ...[unlock, `${store} add first`, list, break_, ...lines, list, unlockAgain, `${store} add second`],
    );
    const files = printed.filter((one) => "file" in one).map(({ file }) => file);
    const half = files.length / 2;
    expect(files.slice(half)).toEqual(files.slice(0, half));
    return printed.filter((one) => !("file" in one));
  }

  it.each([
    ["is locked", lock],
    [
      "is locked and was started anew",
      "gnome-keyring-daemon --replace --components=secrets --daemonize >/dev/null 2>&1",
    ],
    ["has no session bus any more", "export BUS=$DBUS_SESSION_BUS_ADDRESS; export DBUS_SESSION_BUS_ADDRESS="],
    ["has a session bus that has gone", "export BUS=$DBUS_SESSION_BUS_ADDRESS DBUS_SESSION_BUS_ADDRESS=unix:path=/no"],
  ])("leaves sign-ins as they are and makes no key elsewhere when the Secret Service %s", async (_, break_) => {
    const folder = tempFolder();
    const store = `store ${folder} mine`;
    const lines = [`${store} get`, `UNSAFE=1 ${store} get`, `UNSAFE=1 ${store} set token`, `${store} add lost`];
    const mend = 'test -z "$BUS" || export DBUS_SESSION_BUS_ADDRESS=$BUS';
    expect(await meanwhile(folder, break_, ...lines, mend)).toEqual([
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
  it("keeps the key where there is no session bus", async () => {
    const folder = tempFolder();
    const store = `store ${folder} ${kernelName}`;
    const printed = await inShell(kernel, `${store} set token`, `${store} get`);
    expect(printed).toEqual([{ value: "token" }, { value: "token" }]);
  });
});

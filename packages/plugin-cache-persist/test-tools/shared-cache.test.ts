import { join } from "node:path";
import { expect, it } from "vitest";
import { bus, inShell, lock, unlock, unlockAgain } from "./keyring-session.ts";

const program = join(import.meta.dirname, "shared-cache-program.ts");
const play = (...lines: readonly string[]) => inShell(program, bus, [unlock, ...lines]);

it("the cache that tools share takes what is added to it", { timeout: 60_000 }, async () => {
  expect(await play("run add theirs", "run add ours", "run read")).toEqual([
    { cache: ["theirs"] },
    { cache: ["theirs", "ours"] },
    { cache: ["theirs", "ours"] },
  ]);
});

it("the sign-ins of other tools are not replaced when the keyring is locked, nor when it is unlocked between reading and writing", {
  timeout: 60_000,
}, async () => {
  const printed = await play(
    "run add theirs",
    lock,
    "run add ours",
    `run add ours '${unlock}'`,
    unlockAgain,
    "run read",
  );
  expect(printed).toEqual([{ cache: ["theirs"] }, { error: "Error" }, { error: "Error" }, { cache: ["theirs"] }]);
});

it("what is no cache of MSAL is not replaced", { timeout: 60_000 }, async () => {
  const noJson = { text: "no JSON" };
  expect(await play("run save 'no JSON'", "run add ours", "run load")).toEqual([
    noJson,
    { error: "AuthenticationError" },
    noJson,
  ]);
});

import { join } from "node:path";
import { bus, inShell, lock, unlock, unlockAgain } from "@azidentity/test-support";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "shared-cache-program.ts");
const runLines = (...lines: readonly string[]) => inShell(program, bus, [unlock, ...lines]);

it("fields are added to the shared cache", async () => {
  expect(await runLines("run add theirs", "run add ours", "run read")).toEqual([
    { cache: ["theirs"] },
    { cache: ["theirs", "ours"] },
    { cache: ["theirs", "ours"] },
  ]);
});

it("a locked keyring, even if unlocked during a change, does not lose the sign-ins of other tools", {
  timeout: 60_000,
}, async () => {
  const printed = await runLines(
    "run add theirs",
    lock,
    "run add ours",
    `run add ours '${unlock}'`,
    unlockAgain,
    "run read",
  );
  expect(printed).toEqual([{ cache: ["theirs"] }, { error: "Error" }, { error: "Error" }, { cache: ["theirs"] }]);
});

it("an item that is not a cache of MSAL is not replaced", async () => {
  const invalid = { text: "no JSON" };
  expect(await runLines("run save 'no JSON'", "run add ours", "run load")).toEqual([
    invalid,
    { error: "AuthenticationError" },
    invalid,
  ]);
});

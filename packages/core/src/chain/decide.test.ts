import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { OutcomeCode } from "../contract/error-code.ts";
import { outcomeCodes } from "../errors/outcomes.ts";
import { decide, isSilence, rank } from "./decide.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/errors.md"), "utf8");

/**
 * The rows of the table in docs/errors.md: outcome, then the decisions for deployed and expected,
 * deployed and not expected, developer, interactive.
 */
const documented = [...page.matchAll(/^\| (`[a-z`, -]+`) +((?:\| (?:\*\*)?(?:next|stop)(?:\*\*)? +){4})\|$/gm)].flatMap(
  ([, outcomes = "", cells = ""]) =>
    [...outcomes.matchAll(/[a-z-]+/g)].map(([outcome]) => [outcome, (cells.match(/next|stop/g) ?? []).join(" ")]),
) as [OutcomeCode, string][];

it("The table of docs/errors.md has a row for each outcome", () => {
  expect(documented.map(([outcome]) => outcome).sort()).toEqual([...outcomeCodes].sort());
});

const after = (outcome: OutcomeCode, state: "ready" | "likely" | "possible" = "ready", isAnswer = false) =>
  ({ outcome, state, isAnswer }) as const;
const deployed = { name: "s", kind: "deployed" } as const;

it.each(documented)("After %s a chain decides as docs/errors.md says: %s", (code, row) => {
  const [expected = "", unexpected = "", developer, interactive] = row.split(" ");
  const cells = (attempt: Parameters<typeof decide>[0], source: Parameters<typeof decide>[1]) =>
    [true, false].map((isNamed) => decide(attempt, source, isNamed));
  expect(cells(after(code, "ready"), deployed)).toEqual([expected, expected]);
  expect(cells(after(code, "likely"), deployed)).toEqual([expected, unexpected]);
  expect(cells(after(code, "possible"), deployed)).toEqual([unexpected, unexpected]);
  expect(cells(after(code), { name: "s", kind: "developer" })).toEqual([developer, developer]);
  expect(cells(after(code), { name: "s", kind: "interactive" })).toEqual([interactive, interactive]);
});

it.each(["ready", "likely", "possible"] as const)(
  "a host that answers that it has no identity stops only a chain that names it: %s",
  (state) => {
    const attempt = after("not-configured", state, true);
    expect([true, false].map((isNamed) => decide(attempt, deployed, isNamed))).toEqual(["stop", "next"]);
    expect(decide(attempt, deployed, true, { s: { "not-configured": "next" } })).toBe("next");
    expect(decide(attempt, { name: "az", kind: "developer" }, true)).toBe("next");
  },
);

const az = { name: "azure-cli", kind: "developer" } as const;

it("a policy changes a decision for a kind, and for one source before its kind", () => {
  const policy = { developer: { failed: "stop" }, "azure-cli": { failed: "next", rejected: "stop" } } as const;
  expect(decide(after("failed"), { name: "other", kind: "developer" }, false, policy)).toBe("stop");
  expect(decide(after("failed"), az, false, policy)).toBe("next");
  expect(decide(after("rejected"), az, false, policy)).toBe("stop");
  expect(decide(after("timeout"), az, false, policy)).toBe("next");
});

it("a cancelled request ends the chain, whatever the policy says", () => {
  expect(decide(after("cancelled"), az, false, { "azure-cli": { cancelled: "next" } })).toBe("stop");
});

it("An outcome that only another copy of core knows is decided as a failure, and is the least likely cause", () => {
  const unknown = "paused" as OutcomeCode;
  expect(decide(after(unknown), deployed, false)).toBe("stop");
  expect(decide(after(unknown), az, false)).toBe("next");
  expect(isSilence(unknown)).toBe(false);
  expect(Math.max(...outcomeCodes.map(rank))).toBeLessThan(rank(unknown));
});

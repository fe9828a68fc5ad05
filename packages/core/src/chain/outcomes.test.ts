import { expect, it } from "vitest";
import type { OutcomeCode } from "../contract/outcome.ts";
import { decide } from "./outcomes.ts";

/**
 * The table of docs/errors.md, written once more: deployed and expected, deployed and not expected,
 * developer, interactive.
 */
const promised: Readonly<Record<OutcomeCode, string>> = {
  "not-configured": "next next next next",
  "not-installed": "next next next next",
  "not-signed-in": "stop next next stop",
  unreachable: "stop next next stop",
  timeout: "stop next next stop",
  "interaction-required": "stop stop next stop",
  throttled: "stop stop next stop",
  rejected: "stop stop next stop",
  misconfigured: "stop stop next stop",
  failed: "stop stop next stop",
  cancelled: "stop stop stop stop",
};

const after = (outcome: OutcomeCode, state: "ready" | "likely" | "possible" = "ready", isAnswer = false) =>
  ({ outcome, state, isAnswer }) as const;
const deployed = { name: "s", kind: "deployed" } as const;

it.each(Object.entries(promised))("after %s a chain decides: %s", (outcome, row) => {
  const code = outcome as OutcomeCode;
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

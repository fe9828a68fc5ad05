import { expect, it } from "vitest";
import type { OutcomeCode } from "../contract/outcome.ts";
import { decide } from "./outcomes.ts";

/** The table of the documentation, read off again: deployed ready, deployed possible, developer, interactive. */
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

it.each(Object.entries(promised))("after %s a chain goes: %s", (outcome, row) => {
  const code = outcome as OutcomeCode;
  const decided = [
    decide(code, { name: "s", kind: "deployed" }, "ready"),
    decide(code, { name: "s", kind: "deployed" }, "possible"),
    decide(code, { name: "s", kind: "developer" }, "ready"),
    decide(code, { name: "s", kind: "interactive" }, "ready"),
  ];
  expect(decided.join(" ")).toBe(row);
});

const az = { name: "azure-cli", kind: "developer" } as const;

it("lets a config change a cell for a kind, and for one source before its kind", () => {
  const policy = { developer: { failed: "stop" }, "azure-cli": { failed: "next", rejected: "stop" } } as const;
  expect(decide("failed", { name: "other", kind: "developer" }, "ready", policy)).toBe("stop");
  expect(decide("failed", az, "ready", policy)).toBe("next");
  expect(decide("rejected", az, "ready", policy)).toBe("stop");
  expect(decide("timeout", az, "ready", policy)).toBe("next");
});

it("lets nothing follow a cancelled request, whatever the config says", () => {
  expect(decide("cancelled", az, "ready", { "azure-cli": { cancelled: "next" } })).toBe("stop");
});

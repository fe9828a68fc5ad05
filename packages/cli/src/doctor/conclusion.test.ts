import { expect, it } from "vitest";
import type { Finding } from "../findings/finding.ts";
import type { SourceFinding } from "./checks/sources.ts";
import { conclude, weigh } from "./conclusion.ts";

const scope = "https://vault.azure.net/.default";
const problem = (more: Partial<Finding> = {}): Finding => ({ state: "problem", sentence: "It is broken.", ...more });
const ofSource = (more: Partial<SourceFinding>): SourceFinding => ({
  subject: "azure-cli",
  kind: "developer",
  state: "problem",
  sentence: "No account is signed in.",
  remedy: "Run: az login",
  evidence: "possible",
  outcome: "not-signed-in",
  isReached: true,
  ...more,
});
const winner = ofSource({ state: "ok", outcome: "token", principal: { username: "ann@contoso.example" } });
const concluded = (findings: Readonly<Record<string, readonly Finding[]>>) =>
  conclude(
    Object.entries(findings).map(([name, found]) => ({ name, findings: found })),
    scope,
  );

it("a token is readiness, whose it is stands in the first line", () => {
  expect(concluded({ sources: [winner] })).toEqual({
    isReady: true,
    headline: "Ready: azure-cli has a token for ann@contoso.example.",
    exit: "ok",
  });
});

it("what did not keep a program from its token is a warning, but for the config", () => {
  const results = [
    { name: "config", findings: [problem()] },
    { name: "network", findings: [problem(), { state: "ok", sentence: "Fine." } as const] },
    { name: "sources", findings: [winner] },
  ];
  expect(weigh(results).map(({ findings }) => findings.map(({ state }) => state))).toEqual([
    ["problem"],
    ["warning", "ok"],
    ["ok"],
  ]);
  expect(weigh(results.slice(0, 2))).toEqual(results.slice(0, 2));
});

it("a token of a source that the chain does not reach is no readiness", () => {
  expect(concluded({ sources: [ofSource({ ...winner, isReached: false })] }).isReady).toBe(false);
});

it.each([
  ["config", { config: [problem()], network: [problem()], sources: [ofSource({})] }],
  ["network", { clock: [problem()], network: [problem()], sources: [ofSource({})] }],
  ["clock", { sources: [ofSource({})], clock: [problem()] }],
  ["variables", { sources: [ofSource({})], variables: [problem({ state: "warning", code: "half-set-variables" })] }],
  ["sources", { sources: [ofSource({ kind: "deployed" })], variables: [problem({ code: "half-set-variables" })] }],
  ["sources", { sources: [ofSource({})], variables: [problem({ state: "warning" })] }],
])("the cause is that of the check %s", (check, findings) => {
  expect(concluded(findings).cause?.check).toBe(check);
});

it.each([
  ["signInNeeded", { sources: [ofSource({})] }],
  ["configuration", { sources: [ofSource({ outcome: "misconfigured" })] }],
  ["failed", { sources: [ofSource({ outcome: "rejected" })] }],
  ["configuration", { sources: [problem({ code: "unknown-source" })] }],
  ["failed", { network: [problem()] }],
  ["configuration", { config: [problem()] }],
  ["untrusted", { config: [problem({ code: "untrusted-config" })] }],
  ["untrusted", { config: [problem({ code: "untrusted-config" })], sources: [winner] }],
  ["configuration", { config: [problem()], sources: [winner] }],
  ["ok", { network: [problem()], sources: [winner] }],
  ["failed", {}],
])("the process ends as %s", (exit, findings) => {
  expect(concluded(findings).exit).toBe(exit);
});

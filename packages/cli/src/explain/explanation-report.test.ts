import type { Attempt } from "@azidentity/core";
import { outcomeError } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { styleOf } from "../terminal/style.ts";
import { reportOf } from "./explanation-report.ts";
import { explanationLines } from "./render-explanation.ts";

const attempt = (source: string, more: Partial<Attempt>): Attempt => ({
  source,
  kind: "deployed",
  state: "absent",
  outcome: "not-configured",
  code: "not-configured",
  ms: 0.1,
  reason: "It is not set up here.",
  remedy: undefined,
  ...more,
});
const environment = attempt("environment", { reason: "No AZURE_* variable names an identity." });
const silent = attempt("managed-identity", {
  state: "possible",
  outcome: "unreachable",
  code: "no-metadata-service",
  reason: "managed-identity (imds): no answer.",
  ms: 1_002,
});
const signedOut = attempt("azure-cli", {
  kind: "developer",
  state: "possible",
  outcome: "not-signed-in",
  code: "not-signed-in",
  reason: "azure-cli: no account is signed in. Run: az login",
  remedy: "Run: az login",
  ms: 612,
});
const token = attempt("azure-powershell", {
  kind: "developer",
  state: "possible",
  outcome: "token",
  code: undefined,
  reason: "Azure PowerShell is /usr/bin/pwsh.",
  ms: 2_000,
});
const chain = ["environment", "managed-identity", "azure-cli", "azure-powershell", "broker"];
const walkOf = (...attempts: readonly Attempt[]) => ({
  scopes: ["https://vault.azure.net/.default"],
  attempts,
  winner: attempts.find(({ outcome }) => outcome === "token")?.source,
  principal: { username: "ann@contoso.example", tenantId: "contoso" },
  ms: 3_700,
});
const look = (width: number) => {
  const host = createTestHost();
  return { width, style: styleOf(host.output, host), now: 0 };
};

it("a walk with a token says whose it is, and of each source why the next one was tried", () => {
  const walk = walkOf(environment, silent, signedOut, token);
  const explained = { walk, error: undefined, cause: undefined, expiresOnTimestamp: 3_600_000 };
  const report = reportOf(explained, chain, undefined);
  expect(report.attempts.map(({ next }) => next)).toEqual(["skipped", "next", "next", "used"]);
  expect(report).toMatchObject({ notTried: ["broker"], source: "azure-powershell", cause: undefined });
  expect(explanationLines(report, look(80))).toEqual([
    "azure-powershell has a token for ann@contoso.example, tenant contoso, valid for",
    "60 min.",
    "",
    "environment: skipped, not-configured",
    "  No AZURE_* variable names an identity.",
    "",
    "managed-identity: unreachable (no-metadata-service), possible, 1.0 s",
    "  imds: no answer.",
    "  The chain goes on: nothing shows that it should work here.",
    "",
    "azure-cli: not-signed-in, possible, 612 ms",
    "  no account is signed in.",
    "  Run: az login",
    "  The chain goes on, as it does after each developer's source without a token.",
    "",
    "azure-powershell: token, possible, 2.0 s",
    "  Azure PowerShell is /usr/bin/pwsh.",
    "  Its token is used.",
    "",
    "Not tried: broker.",
  ]);
});

it("a walk that was stopped has the reason of its error, and the remedy at the top", () => {
  const refused = attempt("managed-identity", {
    state: "likely",
    outcome: "rejected",
    reason: "managed-identity: HTTP 400. Assign an identity.",
    remedy: "Assign an identity.",
  });
  const why =
    'azure-cli was not tried, because managed-identity was expected to work here and ended with "rejected" (It is on Azure).';
  const worded = outcomeError("rejected", `managed-identity: HTTP 400. Assign an identity.\n${why}`);
  const error = Object.assign(worded, { remedy: "Assign an identity." });
  const walk = { ...walkOf(environment, refused), principal: undefined };
  const report = reportOf({ walk, error, cause: refused, expiresOnTimestamp: undefined }, chain.slice(0, 3), undefined);
  expect(report.attempts[1]).toMatchObject({ next: "end", why });
  const lines = explanationLines(report, look(40));
  expect(lines.slice(0, 5)).toEqual([
    "No token for",
    "https://vault.azure.net/.default. Most",
    "likely: managed-identity: HTTP 400.",
    "Assign an identity.",
    "",
  ]);
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
});

it("a policy of the config, and the end of the chain, are named as reasons", () => {
  const failed = attempt("environment", { state: "ready", outcome: "rejected", reason: "No." });
  const policy = { environment: { rejected: "next" } } as never;
  const error = outcomeError("not-signed-in", "No source.");
  const walk = { ...walkOf(failed, signedOut), principal: undefined };
  const { attempts } = reportOf({ walk, error, cause: signedOut, expiresOnTimestamp: undefined }, [], policy);
  expect(attempts.map(({ next, why }) => [next, why])).toEqual([
    ["next", "The chain goes on, because the config's `policy` says so."],
    ["end", "The chain has no more sources."],
  ]);
});

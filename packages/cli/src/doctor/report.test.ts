import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import type { Finding } from "../findings/finding.ts";
import type { LiveArea } from "../terminal/live-area.ts";
import { styleOf } from "../terminal/style.ts";
import type { SourceFinding } from "./checks/sources.ts";
import { createLiveReport } from "./live-report.ts";
import { type ReportLook, reportLines } from "./report.ts";
import { reportJson } from "./report-json.ts";

const scope = "https://management.azure.com/.default";
const ofSource = (subject: string, more: Partial<SourceFinding>): SourceFinding => ({
  subject,
  kind: "developer",
  state: "skipped",
  sentence: "It is not installed.",
  evidence: "absent",
  outcome: "not-installed",
  isReached: true,
  ...more,
});
const signedOut = ofSource("azure-cli", {
  state: "problem",
  outcome: "not-signed-in",
  sentence: "No account is signed in.",
  remedy: "Run: az login",
  ms: 612.4,
});
const results = (...sources: readonly Finding[]) => [
  { name: "config", findings: [{ state: "ok", sentence: "/p/azidentity.config.json" }] as const },
  {
    name: "store",
    findings: [
      { state: "ok", sentence: "It is there." },
      { state: "warning", sentence: "No keyring can keep the key.", remedy: "Set a key in AZIDENTITY_CACHE_KEY." },
    ] as const,
  },
  { name: "sources", findings: sources },
];
const look = (width: number, more: Partial<ReportLook> = {}): ReportLook => {
  const host = createTestHost();
  return { width, style: styleOf(host.output, host), hasSigns: true, isVerbose: false, now: 0, ...more };
};

it("at 80 columns the cause and its command come first", () => {
  const lines = reportLines(results(ofSource("environment", {}), signedOut, ofSource("broker", {})), scope, look(80));
  expect(lines).toEqual([
    "✖ No token for https://management.azure.com/.default.",
    "  Most likely: azure-cli: No account is signed in.",
    "  Run: az login",
    "",
    "✔ config     /p/azidentity.config.json",
    "! store      No keyring can keep the key.",
    "             Set a key in AZIDENTITY_CACHE_KEY.",
    "✔            It is there.",
    "",
    "✖ azure-cli  No account is signed in (612 ms).",
    "             Run: az login",
    "· not here   environment, broker",
  ]);
});

it("docs/azid.md shows a report as it is", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/azid.md"), "utf8");
  const [, sample = ""] = /## `azid doctor`.*?```text\n(.*?)```/s.exec(page) ?? [];
  const ok = (sentence: string, ms?: number) => [{ state: "ok", sentence, ...(ms && { ms }) }] as const;
  const skipped = (sentence: string) => [{ state: "skipped", sentence }] as const;
  const elsewhere = ["environment", "workload-identity", "managed-identity", "azure-powershell"];
  const [before = "", ...after] = elsewhere;
  const shown = [
    { name: "config", findings: ok("There is none here: the plugins of azid are used.") },
    { name: "plugins", findings: ok("entra, users, managed-identity, dev-tools, broker, cache-persist 0.1.0") },
    { name: "variables", findings: ok("No AZURE_* variable names an identity.") },
    { name: "network", findings: ok("login.microsoftonline.com answers.", 82) },
    { name: "clock", findings: ok("The clock agrees with login.microsoftonline.com.") },
    { name: "store", findings: skipped("None is configured: tokens end with each program.") },
    { name: "broker", findings: skipped("There is no session bus.") },
    {
      name: "sources",
      findings: [
        ofSource(before, {}),
        { ...signedOut, sentence: "The Azure CLI is not signed in." },
        ...after.map((name) => ofSource(name, {})),
      ],
    },
  ];
  expect(`${reportLines(shown, scope, look(90)).join("\n")}\n`).toBe(sample);
});

it("at 40 columns names and sentences have lines of their own, and no line is wider", () => {
  const lines = reportLines(results(ofSource("environment", {}), signedOut), scope, look(40));
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
  expect(lines.slice(0, 6)).toEqual([
    "✖ No token for",
    "  https://management.azure.com/.default.",
    "  Most likely: azure-cli: No account is",
    "  signed in.",
    "  Run: az login",
    "",
  ]);
  expect(lines).toContain("✖ azure-cli");
});

it("in a pipe states are words, and with --verbose each source has a line", () => {
  const found = results(ofSource("environment", {}), signedOut);
  const lines = reportLines(found, scope, look(80, { hasSigns: false, isVerbose: true }));
  expect(lines[0]).toBe("No token for https://management.azure.com/.default.");
  expect(lines).toContain("skipped environment  It is not installed.");
  expect(lines).toContain("problem azure-cli    No account is signed in (612 ms).");
});

it("when there is a token, whose it is and how long it is valid stand first, and what is not used says why", () => {
  const principal = { username: "ann@contoso.example", tenantId: "contoso" };
  const token = { state: "ok", outcome: "token", principal, sentence: "A token for ann@contoso.example." } as const;
  const lines = reportLines(
    results(
      ofSource("azure-cli", { ...token, expiresOnTimestamp: 3_600_000 }),
      ofSource("azure-powershell", { ...token, isReached: false }),
    ),
    scope,
    look(100),
  );
  expect(lines.slice(0, 2)).toEqual([
    "✔ Ready: azure-cli has a token for ann@contoso.example.",
    "  Tenant contoso, valid for 60 min",
  ]);
  expect(lines).toContain("✔ azure-powershell  A token for ann@contoso.example. Not used: azure-cli comes first.");
});

it("control characters of others do not reach the terminal", () => {
  const lines = reportLines(results({ ...signedOut, sentence: "\u001b[2J said the server\r\n" }), scope, look(80));
  expect(lines.join("\n")).not.toContain("\u001b");
  expect(lines.join("\n")).not.toContain("\r");
});

it("the report for programs has all findings, the cause, and no token", () => {
  const report = reportJson(results(signedOut), scope);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    ready: false,
    scope,
    cause: { check: "sources", subject: "azure-cli", remedy: "Run: az login" },
    checks: [{ name: "config" }, { name: "store" }, { name: "sources", findings: [{ subject: "azure-cli" }] }],
  });
});

it("while checks run, each has a line: what was found, or what is being asked", () => {
  const shown: (readonly string[])[] = [];
  const area: LiveArea = { update: (lines) => shown.push(lines), done: () => {} };
  const subject = { names: ["config", "sources"], chain: ["environment", "azure-cli"] };
  const progress = createLiveReport(subject, area, look(80));
  expect(shown.at(-1)?.slice(2)).toEqual(["… config     ", "… sources    asking environment"]);
  progress.onEnd({ name: "config", findings: [{ state: "ok", sentence: "/p/c.json" }] });
  progress.onFinding("sources", ofSource("environment", {}));
  expect(shown.at(-1)?.slice(2)).toEqual(["✔ config     /p/c.json", "… sources    asking azure-cli"]);
});

it("at 40 columns a running check has one line, so that all fit while they are redrawn", () => {
  const shown: (readonly string[])[] = [];
  const area: LiveArea = { update: (lines) => shown.push(lines), done: () => {} };
  const progress = createLiveReport({ names: ["config", "sources"], chain: ["azure-cli"] }, area, look(40));
  progress.onEnd({
    name: "config",
    findings: [{ state: "warning", sentence: "A long sentence about it. ".repeat(9) }],
  });
  expect(shown.at(-1)?.slice(2)).toEqual(["! config", "… asking azure-cli"]);
});

import { createIdentity } from "@azidentity/core";
import { inspectIdentity } from "@azidentity/core/inspect";
import { definePlugin, defineSource, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { expect, it, onTestFinished } from "vitest";
import { createDoctorContext } from "../../../test/doctor-context.ts";
import { type SourceFinding, sources } from "./sources.ts";

const clock = createFakeClock();
const claims = Buffer.from(JSON.stringify({ upn: "ann@contoso.example", tid: "contoso" })).toString("base64url");
const token = () => ({
  token: `e30.${claims}.x`,
  expiresOnTimestamp: clock.now() + 3_600_000,
  tokenType: "Bearer" as const,
});
const signedOut = (name: string) => () => {
  throw outcomeError("not-signed-in", `${name}: no account is signed in.`, { remedy: `Run: ${name} login` });
};
const source = (name: string, priority: number, getToken: () => ReturnType<typeof token>, more: object = {}) =>
  defineSource({
    name,
    kind: "developer",
    priority,
    tenantPolicy: "any",
    subject: () => name,
    create: () => ({ getToken: async () => getToken() }),
    ...more,
  });

async function look(chain: readonly ReturnType<typeof source>[]) {
  const plugins = [definePlugin({ name: "tools", sources: [...chain] })];
  const identity = createIdentity({ config: false, plugins }, { clock, env: {} });
  onTestFinished(() => identity.close());
  const inspection = await inspectIdentity(identity);
  const seen: string[] = [];
  const findings = await sources(createDoctorContext({ inspection }), ({ subject }) => seen.push(subject));
  return { seen, findings: findings as readonly SourceFinding[] };
}

it("each source is asked once, also those behind the one that has a token", async () => {
  const { seen, findings } = await look([
    source("a", 1, signedOut("a")),
    source("b", 2, token),
    source("c", 3, token),
    source("d", 4, signedOut("d")),
  ]);
  expect(seen.toSorted()).toEqual(["a", "b", "c", "d"]);
  expect(findings.map(({ subject, state, isReached }) => [subject, state, isReached])).toEqual([
    ["a", "warning", true],
    ["b", "ok", true],
    ["c", "ok", false],
    ["d", "warning", false],
  ]);
  expect(findings[1]).toMatchObject({
    sentence: "A token for ann@contoso.example.",
    principal: { tenantId: "contoso" },
  });
});

it("without a token, the source that has to be fixed is the problem, with its remedy apart", async () => {
  const absent = { detect: () => ({ state: "absent", reason: "It is not installed.", code: "not-installed" }) };
  const { findings } = await look([source("a", 1, token, absent), source("b", 2, signedOut("b"))]);
  expect(findings).toMatchObject([
    { subject: "a", state: "skipped", sentence: "It is not installed." },
    { subject: "b", state: "problem", sentence: "no account is signed in.", remedy: "Run: b login" },
  ]);
});

it("a source that prompts is not asked, and nothing that a probe excludes is", async () => {
  const probe = { create: () => ({ getToken: token, probe: async () => ({ state: "absent", reason: "No answer." }) }) };
  const possible = { ...probe, kind: "deployed", detect: () => ({ state: "possible", reason: "It may be there." }) };
  const { findings } = await look([
    source("tool", 1, token),
    source("host", 2, token, possible),
    source("browser", 3, token, { kind: "interactive" }),
  ]);
  expect(findings).toMatchObject([
    { subject: "host", state: "skipped", sentence: "No answer." },
    { subject: "tool", state: "ok" },
    { subject: "browser", state: "warning", outcome: "interaction-required" },
  ]);
});

it("a chain without sources is a problem of its own", async () => {
  const { findings } = await look([]);
  expect(findings).toMatchObject([{ state: "problem", sentence: "The chain has no sources." }]);
});

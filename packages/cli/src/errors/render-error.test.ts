import { createIdentity } from "@azidentity/core";
import { defineOptions, definePlugin, defineSource, outcomeError } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { describeError } from "./describe-error.ts";
import { errorJson, renderError } from "./render-error.ts";

type State = "ready" | "likely" | "possible" | "absent";

/** A source that has no token. */
const without = (name: string, state: State, kind: "deployed" | "developer", remedy?: string) =>
  defineSource({
    name,
    kind,
    tenantPolicy: "any",
    priority: 1,
    options: defineOptions({}),
    subject: () => name,
    detect: () => ({ state, reason: `${name} is ${state}.` }),
    create: () => ({
      getToken: () => {
        throw outcomeError(kind === "deployed" ? "rejected" : "not-signed-in", `${name}: It has no token.`, { remedy });
      },
    }),
  });

/** What azid reports about a chain of these sources. */
async function reportOf(sources: readonly ReturnType<typeof without>[]) {
  const identity = createIdentity({
    config: false,
    plugins: [definePlugin({ name: "team", sources })],
    chain: sources.map(({ name }) => name),
  });
  try {
    return describeError(
      await identity.getToken("https://a.example/.default").then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  } finally {
    await identity.close();
  }
}

it("a chain without a token is shown by its most likely cause, and sources that are not set up are not listed", async () => {
  const report = await reportOf([
    without("nowhere", "absent", "deployed", "Set NOWHERE."),
    without("tool", "possible", "developer", "Run: tool login"),
    without("other-tool", "possible", "developer", "Run: other login"),
  ]);
  expect(renderError(report, createTestHost())).toBe(
    [
      "error: No source in the chain could get a token.",
      "  Most likely: tool: It has no token.",
      "  Run: tool login",
      "  other-tool (not-signed-in)",
      "    other-tool: It has no token. Run: other login",
      "  Every source: azid explain",
      "",
    ].join("\n"),
  );
  expect(errorJson(report)).toMatchObject({
    error: {
      message: "No source in the chain could get a token. Most likely: tool: It has no token.",
      remedy: "Run: tool login",
      attempts: [{ source: "nowhere" }, { source: "tool" }, { source: "other-tool" }],
    },
  });
});

it("a chain that ended early is shown by its last source and the reason, without the sources before", async () => {
  const report = await reportOf([
    without("nowhere", "absent", "deployed"),
    without("host", "ready", "deployed", "Renew it."),
    without("tool", "possible", "developer"),
  ]);
  expect(renderError(report, createTestHost())).toBe(
    [
      "error: host: It has no token.",
      '  tool was not tried, because host was expected to work here and ended with "rejected".',
      "  Renew it.",
      "  Every source: azid explain",
      "",
    ].join("\n"),
  );
});

it("what the runtime refuses for lack of a flag ends as a wrong config does, and names the flag", () => {
  const refused = Object.assign(new Error('Requires sys access to "uid", run again with the --allow-sys flag'), {
    name: "NotCapable",
  });
  expect(describeError(refused)).toMatchObject({
    code: "permission-denied",
    problem: refused.message,
    remedy: "Start the program with --allow-sys.",
    exitCode: 5,
  });
});

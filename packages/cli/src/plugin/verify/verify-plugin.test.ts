import { defineOptions, definePlugin, defineSource, outcomeError, services } from "@azidentity/core/plugin";
import { defineTokenStore } from "@azidentity/core/store";
import { createMemoryStore } from "@azidentity/core/testing";
import { expect, it, vi } from "vitest";
import type { Finding } from "../../findings/finding.ts";
import { exampleOptions } from "./example-options.ts";
import { verifyPlugin } from "./verify-plugin.ts";

const never = new AbortController().signal;
const options = defineOptions({
  url: { type: "string", required: true, form: { pattern: /^https:/, expected: "an https URL" } },
  key: { type: "string", required: true, secret: true },
});
const source = defineSource({
  name: "team-broker",
  kind: "deployed",
  tenantPolicy: "fixed",
  options,
  detect: () => ({ state: "ready", reason: "Always." }),
  subject: ({ url }) => url,
  create: (_, { http }) => ({
    async getToken({ signal }) {
      const { body } = await http.send({ method: "GET", url: "https://example.test" }, signal);
      throw outcomeError("failed", `The answer has ${body.length} characters.`);
    },
  }),
});
const manifest = {
  name: "@contoso/azidentity-broker",
  exports: "./dist/index.js",
  peerDependencies: { "@azidentity/core": "^1.0.0" },
};
const place = { manifest, manifestFile: "/p/package.json" };
const pluginWith = (change: object, services: readonly unknown[] = []) =>
  definePlugin({
    name: manifest.name,
    sources: [{ ...source, ...change }],
    services: services as never,
  });
const verified = (plugin: unknown, given = {}, where: Parameters<typeof verifyPlugin>[1] = place) =>
  verifyPlugin(plugin, where, given, never);
const problems = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === "problem").map(({ sentence }) => sentence);

it("a plugin that keeps the contract has no problem, and its options are found", async () => {
  const findings = await verified(pluginWith({}));
  expect(problems(findings)).toEqual([]);
  expect(findings.filter(({ subject, state }) => subject === "team-broker" && state === "ok").length).toBeGreaterThan(
    6,
  );
});

it.each([
  [{ name: "x", contract: 9, sources: [] }, "contract 9"],
  [undefined, "does not export a plugin by default"],
  [{ name: "x", contract: 1, sources: [{ name: "Not Kebab" }] }, "not kebab-case"],
])("a wrong shape is the only finding, and has a remedy: %j", async (plugin, words) => {
  const findings = await verified(plugin);
  expect(findings).toMatchObject([{ state: "problem", subject: "shape", remedy: expect.any(String) }]);
  expect(findings[0]?.sentence).toMatch(words);
});

it.each([
  ["names its secret as subject", { subject: ({ key }: { key: string }) => key }, "The subject shows a secret."],
  [
    "has an error without an outcome",
    { create: () => ({ getToken: () => Promise.reject(new Error("no")) }) },
    "It rejects with an error that has no outcome",
  ],
  ["gives no reason", { detect: () => ({ state: "ready", reason: "" }) }, "There is no reason."],
])("a source that %s is a problem with a remedy", async (_, change, words) => {
  const findings = await verified(pluginWith(change));
  expect(problems(findings).join("\n")).toContain(words);
  for (const { state, remedy } of findings) if (state === "problem") expect(remedy).toContain("write-a-plugin.md");
});

it("a source that never ends is a problem, and each test of it ends all the same", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const deaf = { create: () => ({ getToken: () => new Promise(() => {}) }) };
    const verifying = verified(pluginWith(deaf));
    let isDone = false;
    void verifying.finally(() => {
      isDone = true;
    });
    while (!isDone) await vi.advanceTimersByTimeAsync(1_000);
    expect(problems(await verifying).join("\n")).toContain("It had not ended after 3 s.");
  } finally {
    vi.useRealTimers();
  }
});

it("options that cannot be guessed are asked for, and taken from the author", async () => {
  const strict = defineOptions({
    code: { type: "string", required: true, form: { pattern: /^q{7}$/, expected: "seven q" } },
  });
  const change = { options: strict, subject: () => "x" };
  expect(await verified(pluginWith(change))).toContainEqual(
    expect.objectContaining({ state: "skipped", subject: "team-broker", remedy: expect.stringContaining("--options") }),
  );
  const given = { "team-broker": { code: "qqqqqqq" } };
  expect((await verified(pluginWith(change), given)).some(({ state }) => state === "skipped")).toBe(false);
});

it.each([
  [{ ...manifest, peerDependencies: {} }, "problem", "does not peer-depend"],
  [{ ...manifest, dependencies: { "@azidentity/core": "1" } }, "problem", "two copies"],
  [{ ...manifest, exports: undefined }, "problem", "exports nothing"],
  [{ ...manifest, name: "other" }, "warning", "is called other"],
  [{ ...manifest, dependencies: { "@azidentity/plugin-entra": "1" } }, "warning", "depends on the plugin"],
])("package.json %j is a %s", async (wrong, state, words) => {
  const findings = await verified(pluginWith({}), {}, { manifest: wrong as never, manifestFile: "/p/package.json" });
  expect(findings).toContainEqual(
    expect.objectContaining({ state, subject: "package.json", sentence: expect.stringContaining(words) }),
  );
});

it("a store is left to its author's tests", async () => {
  const store = defineTokenStore({ name: "contoso", create: (_, { clock }) => createMemoryStore(clock) });
  expect(store.token).toBe(services.tokenStore);
  expect(await verified(pluginWith({}, [store]))).toContainEqual(
    expect.objectContaining({
      state: "skipped",
      subject: "contoso",
      remedy: expect.stringContaining("testTokenStore"),
    }),
  );
});

it("values of the author take precedence, and a schema of another library needs none", () => {
  expect(exampleOptions(options, { url: "https://mine.test" })).toEqual({
    options: { url: "https://mine.test", key: "easy-to-find-secret" },
    unknown: [],
  });
  expect(exampleOptions(undefined)).toEqual({ options: {}, unknown: [] });
  const foreign = { "~standard": { version: 1, vendor: "x", validate: (value: unknown) => ({ value }) } } as const;
  expect(exampleOptions(foreign as never)).toEqual({ options: {}, unknown: [] });
});

import { describe, expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { defineOptions, defineSource } from "../options/define-options.ts";
import { createClock } from "../services/clock.ts";
import { createFakeHttp } from "./fake-http.ts";
import { createMemoryStore } from "./memory-store.ts";
import { testCredentialSource } from "./source-contract.ts";
import { testTokenStore } from "./store-contract.ts";

describe("the reference store", () => {
  testTokenStore({ it, expect }, { create: () => createMemoryStore(createClock()) });
});

const good = defineSource({
  name: "good",
  kind: "deployed",
  tenantPolicy: "fixed",
  options: defineOptions({ key: { type: "string", required: true, secret: true } }),
  detect: () => ({ state: "ready", reason: "Always." }),
  subject: () => "good",
  create: ({ key }, { http, clock }) => ({
    async getToken({ signal }) {
      const response = await http.send({ method: "POST", url: "https://example.test", body: key }, signal);
      if (!response.body.startsWith("T")) throw outcomeError("failed", "The answer makes no sense.");
      return { token: response.body, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
    },
  }),
});

const underTest = { options: { key: "canary-key" }, working: () => ({ http: createFakeHttp({ body: "T" }) }) };

describe("a good source", () => {
  testCredentialSource({ it, expect }, { source: good, ...underTest });
});

/** Runs the contract without a runner and returns the names of the tests that failed. */
async function failuresOf(change: object): Promise<string[]> {
  const tests: [string, () => Promise<void> | void][] = [];
  const collect = (name: string, test: () => Promise<void> | void) => tests.push([name, test]);
  testCredentialSource({ it: collect, expect }, { source: { ...good, ...change } as never, ...underTest });
  const failed: string[] = [];
  for (const [name, test] of tests) {
    await Promise.resolve()
      .then(test)
      .catch(() => failed.push(name));
  }
  return failed;
}

describe("the contract of a source finds one that", () => {
  it.each<[string, object, string]>([
    ["has a bad name", { name: "Not Kebab" }, "has a kebab-case name, a kind and a rule for tenants"],
    [
      "names its secret as subject",
      { subject: (options: { key: string }) => options.key },
      "has a subject that is stable, not empty and without secrets, or none",
    ],
    [
      "calls the network in detect",
      {
        detect(_: unknown, { http }: SourceContext) {
          http.send({ method: "GET", url: "https://example.test" }, new AbortController().signal).catch(() => {});
          return { state: "ready", reason: "A host may answer." };
        },
      },
      "detects without network and programs, and gives a reason",
    ],
    [
      "returns an expired token",
      { create: () => ({ getToken: async () => ({ token: "T", expiresOnTimestamp: 1, tokenType: "Bearer" }) }) },
      "returns a token that has not expired",
    ],
    [
      "throws an error without an outcome",
      { create: () => ({ getToken: async () => Promise.reject(new TypeError("odd")) }) },
      "fails with an outcome and without a secret when there is no answer",
    ],
    [
      "shows its secret in an error",
      {
        create: (options: { key: string }) => ({
          getToken: async () => Promise.reject(outcomeError("failed", options.key)),
        }),
      },
      "fails with an outcome and without a secret when there is no answer",
    ],
  ])("%s", async (_, change, test) => {
    expect(await failuresOf(change)).toContain(test);
  });
});

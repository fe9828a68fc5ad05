/**
 * The contract tests of a source and a store under node:test. With `WITH_DEFECTS`, each
 * has one.
 */
import { describe, it } from "node:test";
import { defineSource, outcomeError } from "@azidentity/core/plugin";
import { createFakeHttp, createMemoryStore, testCredentialSource, testTokenStore } from "@azidentity/core/testing";

const hasDefect = process.env.WITH_DEFECTS !== undefined;

const source = defineSource({
  name: "example",
  kind: "deployed",
  tenantPolicy: "fixed",
  subject: () => "example",
  create: (_, { http, clock }) => ({
    async getToken({ signal }) {
      const { body } = await http.send({ method: "GET", url: "https://example.test" }, signal);
      if (!body.startsWith("T")) throw outcomeError("failed", "The answer makes no sense.");
      return { token: body, expiresOnTimestamp: clock.now() + (hasDefect ? 3_600 : 3_600_000), tokenType: "Bearer" };
    },
  }),
});

describe("a source", () => {
  testCredentialSource({ it }, { source, working: () => ({ http: createFakeHttp({ body: "T" }) }) });
});

describe("a store", () => {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.reject(new Error("unused")) };
  const create = () => {
    const store = createMemoryStore(clock);
    return hasDefect ? { ...store, delete: async () => {} } : store;
  };
  testTokenStore({ it }, { create });
});

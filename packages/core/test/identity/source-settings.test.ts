import { expect, it } from "vitest";
import type { AnySource } from "../../src/contract/services.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

/** A source that never answers, and says when it is asked. */
const hanging = (more: Partial<AnySource> = {}) => {
  const asked = Promise.withResolvers<void>();
  const getToken = () => {
    asked.resolve();
    return new Promise<never>(() => undefined);
  };
  return { asked: asked.promise, ...countingSource("slow-tool", { create: () => ({ getToken }), ...more }) };
};
const timesOutAfter = async (ms: number, options: IdentityOptions, more: Partial<AnySource>, env = {}) => {
  const { plugin, asked } = hanging(more);
  const { identity, clock } = setUp({ plugins: [plugin], ...options }, { env });
  const failed = failure(identity.getToken(scope));
  await asked;
  await clock.advance(ms - 1);
  expect(await Promise.race([failed, "waits"])).toBe("waits");
  await clock.advance(1);
  return failed;
};
const options = defineOptions({ waitMs: { type: "number" } });
const own = { options, deadlineMs: (given: unknown) => (given as { waitMs?: number }).waitMs };

it("the deadline comes from the source's options, the config and the environment, the last taking precedence", async () => {
  const config = { sources: { "slow-tool": { waitMs: 5_000 } } };
  const stronger = { sources: { "slow-tool": { waitMs: 5_000, deadlineMs: 7_000 } } };
  expect(await timesOutAfter(30_000, {}, own)).toMatchObject({ code: "timeout" });
  expect(await timesOutAfter(5_000, config, own)).toMatchObject({ code: "timeout" });
  expect(await timesOutAfter(7_000, stronger, own)).toMatchObject({ code: "timeout" });
  const error = await timesOutAfter(9_000, stronger, own, { AZIDENTITY_SLOW_TOOL_TIMEOUT_MS: "9000" });
  expect(error).toMatchObject({
    code: "timeout",
    message: expect.stringContaining("AZIDENTITY_SLOW_TOOL_TIMEOUT_MS"),
  });
});

it.each(["0", "-1", "soon", "1e99"])("a timeout of %s in the environment is refused", async (text) => {
  const { plugin } = countingSource("slow-tool");
  const env = { AZIDENTITY_SLOW_TOOL_TIMEOUT_MS: text, AZIDENTITY_ABSENT_TIMEOUT_MS: "5" };
  const { identity } = setUp({ plugins: [plugin] }, { env });
  expect(await failure(identity.getToken(scope))).toMatchObject({
    code: "invalid-config",
    path: "AZIDENTITY_SLOW_TOOL_TIMEOUT_MS",
  });
});

it("`cache: false` disables memory and store", async () => {
  const { plugin, requests } = countingSource();
  const store = { get: () => expect.fail("get was called"), set: () => expect.fail("set was called") };
  const provider = defineTokenStore({ name: "mine", create: () => store as never });
  const { identity } = setUp({
    plugins: [plugin, definePlugin({ name: "mine", services: [provider] })],
    sources: { counting: { cache: false } },
    cache: { store: "mine" },
  });
  expect((await identity.getToken(scope)).token).toBe("counting-1");
  expect((await identity.getToken(scope)).token).toBe("counting-2");
  expect(requests).toHaveLength(2);
});

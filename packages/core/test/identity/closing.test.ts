import { expect, it } from "vitest";
import type { AnySource, TokenStore } from "../../src/contract/services.ts";
import type { IssuedToken } from "../../src/contract/token.ts";
import { createIdentity } from "../../src/identity.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { tempFolder } from "../temp-folder.ts";
import { countingSource, failure, hour, scope, setUp } from "./set-up.ts";

const never = new Promise<never>(() => {});
const token = Promise.resolve({ token: "T", expiresOnTimestamp: 9e15, tokenType: "Bearer" as const });
const noStore = { get: async () => undefined, set: async () => {}, delete: async () => {}, update: async () => {} };

it("closing ends running acquisitions, disposes credentials, and refuses later calls", async () => {
  let disposed = 0;
  const called = Promise.withResolvers<void>();
  const { plugin } = countingSource("slow", {
    create: () => ({
      getToken: () => {
        called.resolve();
        return new Promise<IssuedToken>(() => {});
      },
      [Symbol.asyncDispose]: async () => void disposed++,
    }),
  });
  const { identity } = setUp({ plugins: [plugin] });
  const waiting = failure(identity.getToken(scope));
  await called.promise;
  await identity.close();
  await identity.close();
  expect(await waiting).toMatchObject({ code: "closed" });
  expect(await failure(identity.getToken(scope))).toMatchObject({ name: "AbortError", code: "closed" });
  expect(disposed).toBe(1);
});

it("closing refuses a call in the same tick, even if its token is in memory", async () => {
  const { plugin } = countingSource("counting", { supports: ["user-assertion"] });
  const { identity } = setUp({ plugins: [plugin] });
  const callers = [identity, identity.credential("counting"), identity.credential("counting").forUser("of alice")];
  for (const caller of callers) await caller.getToken(scope);
  const closing = identity.close();
  for (const caller of callers) expect(await failure(caller.getToken(scope))).toMatchObject({ code: "closed" });
  await closing;
});

it("closing ends a call that was made just before", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  await identity.ready();
  const error = failure(identity.credential("counting").getToken(scope));
  await identity.close();
  expect(await error).toMatchObject({ code: "closed" });
});

it.each([
  ["hangs", "await new Promise(() => {});"],
  ["exports a promise that never settles", "export default new Promise(() => {});"],
])("closing does not wait for a config file that %s, and ends the wait of callers", async (_, text) => {
  const folder = tempFolder({ "azidentity.config.mjs": text });
  const identity = createIdentity({ configFile: `${folder}/azidentity.config.mjs` }, { env: {} });
  const waiting = [failure(identity.getToken(scope)), failure(identity.ready())];
  await new Promise(setImmediate);
  await identity.close();
  for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ name: "AbortError", code: "closed" });
});

it.each<[string, Partial<AnySource>, () => unknown]>([
  ["a credential", { create: () => ({ getToken: () => token, [Symbol.asyncDispose]: () => never }) }, () => noStore],
  ["a store that opens", {}, () => never],
  ["a store that closes", {}, () => ({ ...noStore, [Symbol.asyncDispose]: () => never })],
])("closing ends in time, with a warning, if %s never ends", async (_, more, create) => {
  const { plugin } = countingSource("counting", more);
  const provider = defineTokenStore({ name: "mine", create: create as () => TokenStore });
  const warnings: string[] = [];
  const logger = { error() {}, warn: (text: string) => warnings.push(text), info() {}, debug() {} };
  const plugins = [plugin, definePlugin({ name: "p", services: [provider] })];
  const { identity, clock } = setUp({ plugins, cache: { store: "mine" }, log: { level: "warn" } }, { logger });
  const settled = async (promise: Promise<unknown>) => {
    let done = false;
    promise.finally(() => {
      done = true;
    });
    for (let turn = 0; !done && turn < 1_000; turn++) await clock.advance(50);
    return promise;
  };
  await settled(identity.getToken(scope));
  warnings.length = 0;
  await settled(identity.close());
  expect(warnings).toEqual([expect.stringContaining("had not ended 5 s after")]);
});

it("closing disposes credentials, newest first, including those that new callers would no longer get", async () => {
  const disposed: number[] = [];
  const { plugin } = countingSource("numbered", {
    options: defineOptions({ number: { type: "number" } }),
    create: (options, { clock }) => ({
      getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }),
      [Symbol.asyncDispose]: async () => void disposed.push((options as { number: number }).number),
    }),
  });
  const { identity } = setUp({ plugins: [plugin] });
  const numbers = Array.from({ length: 1_002 }, (_, number) => number);
  const held = numbers.map((number) => identity.credential("numbered", { number }));
  for (const credential of held) await credential.getToken(scope);
  await identity.close();
  expect(disposed).toEqual(numbers.reverse());
});

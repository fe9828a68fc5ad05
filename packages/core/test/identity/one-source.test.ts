import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { IssuedToken, TokenRequest } from "../../src/contract/token.ts";
import { createIdentity } from "../../src/identity.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { createFakeClock } from "../../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../../src/test-kit/memory-store.ts";
import { countingSource, failure, hour, scope, setUp } from "./set-up.ts";

it("one source makes one credential and one request for ten callers with equal options", async () => {
  const options = defineOptions({ account: { type: "string" } });
  const { plugin, requests } = countingSource("counting", { options });
  const { identity } = setUp({ plugins: [plugin] });
  const credentials = Array.from({ length: 10 }, () => identity.credential("counting", { account: "a" }));
  expect(new Set(credentials).size).toBe(1);
  await Promise.all(credentials.map((credential) => credential.getToken(scope)));
  await identity.credential("counting", { account: "b" }).getToken(scope);
  expect(requests).toHaveLength(2);
});

it("one source gets new options when a referenced secret has rotated", async () => {
  const options = defineOptions({ secret: { type: "string", secret: true } });
  const { plugin, created } = countingSource("counting", { options });
  const env = { SECRET: "first" };
  const { identity, clock } = setUp(
    { plugins: [plugin], sources: { counting: { secret: { env: "SECRET" } } } },
    { env },
  );
  await identity.getToken(scope);
  env.SECRET = "second";
  await clock.advance(2 * hour);
  await identity.getToken(scope);
  expect(created).toEqual([{ secret: "first" }, { secret: "second" }]);
});

const accounts = () => {
  const options = defineOptions({
    account: { type: "string" },
    nested: { type: "object", fields: { account: { type: "string" } } },
    key: { type: "any", as: {} as Uint8Array },
  });
  return countingSource("counting", { options, subject: (given) => JSON.stringify(given) });
};

it("one source uses its options as they were at the call, even if the caller changes the object later", async () => {
  const { plugin, created } = accounts();
  const { identity } = setUp({ plugins: [plugin] });
  const options = { account: "a", nested: { account: "a" }, key: Buffer.from("a") };
  const first = identity.credential("counting", options);
  const chain = identity.chain([{ source: "counting", options }]);
  const user = identity.credential("counting", options);
  options.account = "b";
  options.nested.account = "b";
  options.key.fill("b");
  for (const one of [first, chain, user]) await one.getToken(scope);
  const a = { account: "a", nested: { account: "a" }, key: Buffer.from("a") };
  expect(created).toEqual([a]);
  expect(identity.credential("counting", a)).toBe(first);
  await identity.credential("counting", options).getToken(scope);
  expect(created).toEqual([a, { account: "b", nested: { account: "b" }, key: Buffer.from("b") }]);
});

it("a loop that changes one options object gets a different credential in each iteration", async () => {
  const { plugin, created } = accounts();
  const { identity } = setUp({ plugins: [plugin] });
  const options = { account: "" };
  const credentials = ["a", "b", "c"].map((account) => {
    options.account = account;
    return identity.credential("counting", options);
  });
  for (const credential of credentials) await credential.getToken(scope);
  expect(created).toEqual([{ account: "a" }, { account: "b" }, { account: "c" }]);
});

it("an option that is undefined counts as missing", async () => {
  const { plugin, created } = accounts();
  const { identity } = setUp({ plugins: [plugin], sources: { counting: { account: "of the config" } } });
  await identity.credential("counting", { account: undefined }).getToken(scope);
  expect(created).toEqual([{ account: "of the config" }]);
});

it("a source may have options named `file` and `env`, even if it gets no others, in a config and in code", async () => {
  const options = defineOptions({ file: { type: "string" }, env: { type: "string" } });
  const { plugin, created } = countingSource("counting", { options });
  const chains = { a: [{ source: "counting", options: { env: "A" } }] };
  const { identity } = setUp({ plugins: [plugin], sources: { counting: { file: "/no/such/file" } }, chains });
  await identity.getToken(scope);
  await identity.chain("a").getToken(scope);
  await identity.credential("counting", { file: "b" }).getToken(scope);
  const file = "/no/such/file";
  expect(created).toEqual([{ file }, { file, env: "A" }, { file: "b" }]);
});

it("circular options are refused with a code", () => {
  const { identity } = setUp({ plugins: [] });
  const options: Record<string, unknown> = {};
  options.self = { options };
  const refused = expect.objectContaining({ code: "invalid-argument" });
  expect(() => identity.credential("counting", options)).toThrow(refused);
  expect(() => identity.chain([{ source: "counting", options }])).toThrow(refused);
  expect(() => createIdentity({ config: false, sources: { counting: options } })).toThrow(refused);
});

it("one source serves each user separately, with one cheap credential per web request", async () => {
  const { plugin, requests } = countingSource("counting", { supports: ["user-assertion"] });
  const { identity } = setUp({ plugins: [plugin] });
  const onBehalf = identity.credential("counting");
  for (const user of ["alice", "bob", "alice"]) await onBehalf.forUser(`assertion of ${user}`).getToken(scope);
  expect(requests.map((request) => request.userAssertion)).toEqual(["assertion of alice", "assertion of bob"]);
});

it("a source that hangs in create fails at its deadline, and is created again for the next caller", async () => {
  let hang = true;
  const { plugin } = countingSource("slow", {
    deadlineMs: 5_000,
    create: async (_, { clock }) => {
      if (hang) await new Promise(() => {});
      return { getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }) };
    },
  });
  const { identity, clock } = setUp({ plugins: [plugin] });
  const error = failure(identity.getToken(scope));
  await clock.advance(5_000);
  expect(await error).toMatchObject({ code: "timeout" });
  hang = false;
  expect((await identity.getToken(scope)).token).toBe("T");
});

it("a caller that aborts does not wait for a source that ignores its signal", async () => {
  const { plugin } = countingSource("deaf", {
    create: () => ({ getToken: () => new Promise<IssuedToken>(() => {}) }),
  });
  const { identity } = setUp({ plugins: [plugin] });
  const caller = new AbortController();
  const error = failure(identity.getToken(scope, { abortSignal: caller.signal }));
  caller.abort();
  expect(await error).toMatchObject({ name: "AbortError", code: "cancelled" });
});

it("a caller with a timeout gets its error in time, while others continue to wait", async () => {
  const gate = Promise.withResolvers<IssuedToken>();
  const { plugin } = countingSource("slow", { create: () => ({ getToken: () => gate.promise }) });
  const { identity, clock } = setUp({ plugins: [plugin] });
  const hasty = failure(identity.getToken(scope, { requestOptions: { timeout: 100 } }));
  const waiting = identity.getToken(scope);
  await clock.advance(100);
  expect(await hasty).toMatchObject({ code: "timeout" });
  gate.resolve({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" });
  expect((await waiting).token).toBe("T");
});

it("a source whose subject throws fails with its name and without secrets, and later calls succeed", async () => {
  let broken = true;
  const { plugin } = countingSource("nameless", {
    options: defineOptions({ key: { type: "string", secret: true } }),
    subject: (options) => {
      if (broken) throw new TypeError(`no subject in ${(options as { key: string }).key}`);
      return "app";
    },
  });
  const provider = defineTokenStore({ name: "mine", create: () => createMemoryStore(createFakeClock()) });
  const { identity } = setUp({
    plugins: [plugin, definePlugin({ name: "stores", services: [provider] })],
    sources: { nameless: { key: "c4n4ry-key" } },
    cache: { store: "mine" },
  });
  const error = await failure(identity.getToken(scope));
  expect(error).toMatchObject({ name: "AuthenticationError", code: "failed" });
  expect(error.message).toContain("nameless");
  expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
  broken = false;
  expect((await identity.getToken(scope)).token).toBe("nameless-1");
});

it.each([
  ["no token", { token: "" }],
  ["no token at all", undefined],
  ["no expiry", { expiresOnTimestamp: Number.NaN }],
  ["an expiry that has passed", { expiresOnTimestamp: 1 }],
])("an answer of a source with %s is refused", async (_, wrong) => {
  const answer = wrong && { token: "T", expiresOnTimestamp: 9e15, tokenType: "Bearer", ...wrong };
  const { plugin } = countingSource("broken", { create: () => ({ getToken: async () => answer as IssuedToken }) });
  await expect(setUp({ plugins: [plugin] }).identity.getToken(scope)).rejects.toMatchObject({
    code: "invalid-token",
  });
});

it("a source with maxConcurrency 1 is called for one token after another, and time in the queue does not count", async () => {
  let running = 0;
  let most = 0;
  const clock = createFakeClock();
  const { plugin, requests } = countingSource("one", {
    maxConcurrency: 1,
    create: () => ({
      async getToken(request: TokenRequest): Promise<IssuedToken> {
        most = Math.max(most, ++running);
        requests.push(request);
        await clock.sleep(20_000, request.signal);
        running--;
        return { token: request.scopes[0], expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
      },
    }),
  });
  const { identity } = setUp({ plugins: [plugin] }, { clock });
  const credentials = [identity.credential("one"), identity.credential("one", {}), identity];
  const tokens = Promise.all(credentials.map((one, n) => one.getToken(`https://${n}.test/.default`)));
  for (let n = 1; n <= 3; n++) {
    while (requests.length < n) await clock.advance(0);
    await clock.advance(20_000);
  }
  expect((await tokens).map(({ token }) => token)).toEqual([0, 1, 2].map((n) => `https://${n}.test/.default`));
  expect(most).toBe(1);
});

import { createHook } from "node:async_hooks";
import { expect, it } from "vitest";
import { countingSource, failure, hour, jwt, scope, setUp } from "./set-up.ts";

it.each([
  ["no scope", [], {}, "no-scope"],
  ["an empty scope", "", {}, "no-scope"],
  ["a scope with a quote", 'https://a/"', {}, "invalid-scope"],
  ["a scope with a control character", "https://a/\n.default", {}, "invalid-scope"],
  ["no scopes at all", undefined, {}, "no-scope"],
  ["a tenant that could be an option", scope, { tenantId: "--debug" }, "invalid-tenant"],
  ["claims that are no object", scope, { claims: "[]" }, "invalid-claims"],
  ["empty claims", scope, { claims: "" }, "invalid-claims"],
  ["an aborted signal", scope, { abortSignal: AbortSignal.abort() }, "cancelled"],
  ["options that are null", scope, null, "invalid-argument"],
  ["options that are text", scope, "tenant", "invalid-argument"],
  ["half of a proof of possession", scope, { proofOfPossessionOptions: { nonce: "n" } }, "invalid-proof-of-possession"],
] as const)("a request with %s is refused by a rejection, never a throw", async (_, scopes, options, code) => {
  const { plugin, requests } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const ask = () => identity.getToken(scopes as string, options as object);
  await expect(ask()).rejects.toMatchObject({ code });
  expect(requests).toHaveLength(0);
  expect((await identity.getToken(scope)).token).toBe("counting-1");
  await expect(ask()).rejects.toMatchObject({ code }); // now that there is a token in memory, too
});

it("a tenant that is a number is refused by a rejection, also of a source with a tenant of its own", async () => {
  const { plugin } = countingSource("counting", { tenantPolicy: "allow-list" });
  const { identity } = setUp({ plugins: [plugin], tenantId: "contoso.com" });
  await identity.getToken(scope);
  const ask = () => identity.getToken(scope, { tenantId: 5 as unknown as string });
  await expect(ask()).rejects.toMatchObject({ code: "invalid-tenant" });
});

it.each<[string, object]>([
  ["a signal that is none", { abortSignal: {} }],
  ["a timeout that is no number", { requestOptions: { timeout: "soon" } }],
])("a request with %s is refused", async (_, options) => {
  const { identity } = setUp({ plugins: [countingSource().plugin] });
  await expect(identity.getToken(scope, options)).rejects.toMatchObject({ code: "invalid-argument" });
});

const evil = () => expect.fail("one caller changed it for all");

it.each(["then", "catch", "finally", "constructor"])(
  "a caller that replaces `%s` of its promise does not change the promise of other callers",
  async (name) => {
    const { plugin, requests } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    const ask = () => identity.getToken(scope);
    for (const shared of [
      ask(),
      await ask()
        .then(ask)
        .then(() => [ask()]),
    ].flat()) {
      Object.defineProperty(shared, name, { value: evil });
      const other = ask();
      expect(other).not.toBe(shared);
      expect((await other.then((token) => token).finally(() => {})).token).toBe("counting-1");
    }
    expect(requests).toHaveLength(1);
    expect(ask(), "what was not changed is shared").toBe(ask());
  },
);

it("the shared promise can be extended, as async_hooks does", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  await identity.getToken(scope);
  const hit = identity.getToken(scope);
  const hook = createHook({ init() {}, before() {}, after() {}, promiseResolve() {} }).enable();
  try {
    expect((await hit).token).toBe("counting-1");
    expect((await identity.getToken(scope)).token).toBe("counting-1");
  } finally {
    hook.disable();
  }
});

it("callers cannot change a shared token or its principal", async () => {
  const principal = { tenantId: "t", clientId: "c" };
  const { plugin } = countingSource("one", {
    create: (_, { clock }) => ({
      getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer", principal }),
    }),
  });
  const { identity } = setUp({ plugins: [plugin] });
  const token = await identity.getToken(scope);
  const hidden = Object.getOwnPropertySymbols(token).map((key) => Reflect.get(token, key));
  expect(hidden).toContainEqual(principal);
  for (const part of [token, Object.getPrototypeOf(token), ...hidden]) expect(Object.isFrozen(part)).toBe(true);
});

it("callers cannot change the record of a walk, even as part of an error", async () => {
  const { plugin } = countingSource("one", {
    create: (_, { clock }) => ({
      getToken: async () => ({
        token: jwt({ tid: "t", oid: "o" }),
        expiresOnTimestamp: clock.now() + hour,
        tokenType: "Bearer",
      }),
    }),
  });
  const absent = countingSource("absent", { detect: () => ({ state: "absent", reason: "Not here." }) });
  const { identity } = setUp({ plugins: [plugin, absent.plugin] });
  await identity.getToken(scope);
  const { walk } = await failure(identity.chain(["absent"]).getToken(scope));
  for (const shared of [identity.explain.last, walk]) {
    const { attempts, scopes, principal } = shared;
    for (const part of [shared, attempts, ...attempts, scopes, principal]) expect(Object.isFrozen(part)).toBe(true);
  }
  expect(identity.explain.last?.principal).toEqual({ tenantId: "t", objectId: "o" });
});

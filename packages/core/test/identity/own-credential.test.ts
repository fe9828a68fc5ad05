import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { IssuedToken } from "../../src/contract/token.ts";
import { defineOptions } from "../../src/options/define-options.ts";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

const options = defineOptions({ account: { type: "string" }, key: { type: "string", secret: true } });

it("a credential of its own shares its tokens neither with equal ones nor with the chain", async () => {
  const { plugin, requests } = countingSource("counting", { options, subject: () => "same" });
  const { identity } = setUp({ plugins: [plugin] });
  const all = [
    identity.createCredential("counting", { account: "a" }),
    identity.createCredential("counting", { account: "a" }),
    identity.credential("counting", { account: "a" }),
    identity,
  ];
  for (const one of all) for (const _ of [1, 2]) await one.getToken(scope);
  expect(requests).toHaveLength(all.length);
});

it("closing a credential of its own ends what it has under way, disposes its source, and leaves the others", async () => {
  let disposed = 0;
  const called = Promise.withResolvers<void>();
  const { plugin } = countingSource("slow", {
    options,
    create: (given) => ({
      getToken: async ({ scopes }) => {
        if (scopes[0] !== scope) {
          called.resolve();
          await new Promise(() => {});
        }
        const { account = "" } = given as { account?: string };
        return { token: account, expiresOnTimestamp: 9e15, tokenType: "Bearer" } satisfies IssuedToken;
      },
      [Symbol.asyncDispose]: async () => void disposed++,
    }),
  });
  const { identity } = setUp({ plugins: [plugin] });
  const [closed, other] = ["a", "b"].map((account) => identity.createCredential("slow", { account })) as [
    ReturnType<typeof identity.createCredential>,
    ReturnType<typeof identity.createCredential>,
  ];
  for (const one of [closed, other]) await one.getToken(scope);
  const underWay = failure(closed.getToken("never"));
  await called.promise;
  const closing = closed.close();
  expect(closed.peek(scope)).toBeUndefined();
  await closing;
  await closed.close();
  expect(await underWay).toMatchObject({ code: "closed" });
  for (const call of [() => closed.getToken(scope), () => closed.forUser("alice").getToken(scope)])
    expect(await failure(call())).toMatchObject({ name: "AbortError", code: "closed" });
  expect((await other.getToken(scope)).token).toBe("b");
  expect((await identity.credential("slow", { account: "a" }).getToken(scope)).token).toBe("a");
  expect(disposed).toBe(1);
});

it("a credential of its own that is closed before its first use asks for no token", async () => {
  const { plugin, requests } = countingSource("counting", { options });
  const { identity } = setUp({ plugins: [plugin] });
  await using own = identity.createCredential("counting");
  const underWay = failure(own.getToken(scope));
  await own.close();
  for (const error of [await underWay, await failure(own.getToken(scope))])
    expect(error).toMatchObject({ code: "closed", message: expect.stringContaining("credential was closed") });
  expect(requests).toEqual([]);
});

it("closing an identity closes credentials of its own", async () => {
  const { plugin } = countingSource("counting", { options });
  const { identity } = setUp({ plugins: [plugin] });
  const own = identity.createCredential("counting");
  await own.getToken(scope);
  await identity.close();
  expect(await failure(own.getToken(scope))).toMatchObject({ code: "closed" });
});

it("the tokens of a credential of its own take no place from those of others", async () => {
  const { plugin, requests } = countingSource("counting", { options });
  const { identity } = setUp({ plugins: [plugin], cache: { maxEntries: 2 } });
  const own = identity.createCredential("counting");
  await identity.getToken(scope);
  for (const other of ["a", "b", "c"]) await own.getToken(other);
  await identity.getToken(scope);
  expect(requests).toHaveLength(4);
});

it("neither an identity nor a credential shows its secrets or tokens when it is printed with hidden properties", async () => {
  const { plugin } = countingSource("counting", {
    options,
    create: () => ({
      getToken: async () => ({ token: "c4n4ry-token", expiresOnTimestamp: 9e15, tokenType: "Bearer" }),
    }),
  });
  const { identity } = setUp({ plugins: [plugin], sources: { counting: { key: "c4n4ry-key" } } });
  const given = { key: "c4n4ry-key", account: "a" };
  const credentials = [identity.credential("counting", given), identity.createCredential("counting", given)];
  for (const one of [identity, ...credentials]) {
    await one.getToken(scope);
    const printed = inspect(one, { showHidden: true, depth: Number.POSITIVE_INFINITY, customInspect: false });
    expect(printed).not.toContain("c4n4ry");
  }
});

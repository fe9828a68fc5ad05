import { describe, expect, it } from "vitest";
import { ask, hour, later, scope, setUp } from "../../test/link-under-test.ts";
import { outcomeError } from "../errors/outcome-error.ts";

describe("an account change", () => {
  it("after an account change no token of the previous account is served, from memory or from running acquisitions", async () => {
    const { link, requests, text, answerWith, token } = setUp();
    await text(ask({ scopes: ["other"] }));
    const old = later();
    answerWith(async (n) => (n === 2 ? old.promise : token("new", hour)));
    const waiting = text();
    link.changeAccount();
    old.resolve(token("old", hour));
    expect(await waiting).toBe("new");
    expect(link.peek("other")).toBeUndefined();
    expect((await link.peek(scope))?.token).toBe("new");
    expect(requests).toHaveLength(3);
  });

  it("an account change ends running acquisitions, which start again even if they failed", async () => {
    const { link, requests, text, answerWith, token } = setUp();
    answerWith((n) =>
      n > 1
        ? Promise.resolve(token("new", hour))
        : new Promise((_, reject) => {
            const signal = requests[0]?.signal as AbortSignal;
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          }),
    );
    const waiting = text();
    link.changeAccount();
    expect(await waiting).toBe("new");
  });

  it("after an account change a refresh that is waited for does not return the old token", async () => {
    const { link, clock, text, answerWith, token } = setUp();
    answerWith(async (n) => {
      if (n === 2) throw outcomeError("unreachable", "No answer.");
      return token(`token-${n}`, hour);
    });
    await text();
    await clock.advance(hour - 30_000);
    const waiting = text();
    link.changeAccount();
    expect(await waiting).toBe("token-3");
  });

  it("the first token of another account ends the tokens of the previous account", async () => {
    const { link, text, answerWith, token } = setUp();
    const of = (account: string) => ({ ...token(`token-of-${account}`, hour), account });
    answerWith(async () => of("ann"));
    await text(ask({ scopes: ["first"] }));
    await text(ask({ scopes: ["second"] }));
    expect(link.peek("first")).toBeDefined();
    const old = later();
    answerWith(async (n) => (n === 3 ? old.promise : of("bob")));
    const waiting = text(ask({ scopes: ["third"] }));
    expect(await text(ask({ scopes: ["fourth"] }))).toBe("token-of-bob");
    old.resolve(of("ann"));
    expect(await waiting).toBe("token-of-bob");
    expect(["first", "second"].map((one) => link.peek(one))).toEqual([undefined, undefined]);
    expect((await link.peek("fourth"))?.token).toBe("token-of-bob");
  });

  it("a failed refresh of the previous account rejects no caller", async () => {
    const { link, clock, failures, text, answerWith, token } = setUp();
    await text();
    await clock.advance(13 * hour);
    const never = later();
    answerWith(async (n) => (n === 2 ? never.promise : token("new", hour)));
    await text();
    await clock.advance(0);
    link.changeAccount();
    never.resolve(token("old", hour));
    expect(await text()).toBe("new");
    expect(failures).toEqual([]);
  });
});

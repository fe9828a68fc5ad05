import { describe, expect, it } from "vitest";
import { outcomeError } from "../contract/errors.ts";
import type { IssuedToken, NormalizedRequest, TokenRequest } from "../contract/token.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createBudget } from "./budget.ts";
import { createTokenCache } from "./token-cache.ts";

const hour = 3_600_000;
const scope = "https://vault.azure.net/.default";

function ask(more: Partial<NormalizedRequest> = {}): NormalizedRequest {
  const nothing = { tenantId: undefined, claims: undefined, proofOfPossession: undefined, userAssertion: undefined };
  return { scopes: [scope], enableCae: false, correlationId: "c", ...nothing, ...more };
}

/** A cache over a source that numbers its tokens, on a clock that stands still. */
function setUp(more: Partial<Parameters<typeof createTokenCache>[0]> = {}) {
  const clock = createFakeClock();
  const requests: TokenRequest[] = [];
  let answer = async (n: number): Promise<IssuedToken> => token(`token-${n}`, 24 * hour, 12 * hour);
  const token = (text: string, lifetime: number, refreshIn?: number): IssuedToken => ({
    token: text,
    expiresOnTimestamp: clock.now() + lifetime,
    refreshAfterTimestamp: refreshIn === undefined ? undefined : clock.now() + refreshIn,
    tokenType: "Bearer",
  });
  const failures: unknown[] = [];
  const cache = createTokenCache({
    clock,
    budget: createBudget({ maxEntries: 1_000, maxBytes: 10_000_000 }, () => clock.now()),
    random: () => 0,
    isHome: () => false,
    remembers: true,
    accountState: undefined,
    acquire: (request) => {
      requests.push(request);
      return answer(requests.length);
    },
    onRefreshFailed: (error) => failures.push(error),
    ...more,
  });
  return {
    cache,
    clock,
    requests,
    failures,
    token,
    answerWith: (next: (n: number) => Promise<IssuedToken>) => {
      answer = next;
    },
    text: async (request = ask(), signal?: AbortSignal) => (await cache.getToken(request, signal)).token,
  };
}

/** A promise to be kept later. */
const later = () => Promise.withResolvers<IssuedToken>();

describe("when somebody else signs in", () => {
  it("nothing of the one before is served, neither from memory nor from what is under way", async () => {
    const { cache, requests, text, answerWith, token } = setUp();
    await text(ask({ scopes: ["other"] }));
    const old = later();
    answerWith(async (n) => (n === 2 ? old.promise : token("new", hour)));
    const waiting = text();
    cache.supersede();
    old.resolve(token("old", hour));
    expect(await waiting).toBe("new");
    expect(cache.peek("other")).toBeUndefined();
    expect((await cache.peek(scope))?.token).toBe("new");
    expect(requests).toHaveLength(3);
  });

  it("what is under way ends, and is asked again even when it fails", async () => {
    const { cache, requests, text, answerWith, token } = setUp();
    answerWith((n) =>
      n > 1
        ? Promise.resolve(token("new", hour))
        : new Promise((_, reject) => {
            const signal = requests[0]?.signal as AbortSignal;
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          }),
    );
    const waiting = text();
    cache.supersede();
    expect(await waiting).toBe("new");
  });

  it("a refresh in its last minute does not bring back the old token", async () => {
    const { cache, clock, text, answerWith, token } = setUp();
    answerWith(async (n) => {
      if (n === 2) throw outcomeError("unreachable", "Nobody there.");
      return token(`token-${n}`, hour);
    });
    await text();
    await clock.advance(hour - 30_000);
    const waiting = text();
    cache.supersede();
    expect(await waiting).toBe("token-3");
  });

  it("the first token of another account ends those of the one before", async () => {
    const { cache, text, answerWith, token } = setUp();
    const of = (account: string) => ({ ...token(`token-of-${account}`, hour), account });
    answerWith(async () => of("ann"));
    await text(ask({ scopes: ["first"] }));
    await text(ask({ scopes: ["second"] }));
    expect(cache.peek("first")).toBeDefined();
    const old = later();
    answerWith(async (n) => (n === 3 ? old.promise : of("bob")));
    const waiting = text(ask({ scopes: ["third"] }));
    expect(await text(ask({ scopes: ["fourth"] }))).toBe("token-of-bob");
    old.resolve(of("ann"));
    expect(await waiting).toBe("token-of-bob");
    expect(["first", "second"].map((one) => cache.peek(one))).toEqual([undefined, undefined]);
    expect((await cache.peek("fourth"))?.token).toBe("token-of-bob");
  });

  it("a failed refresh of the one before is nobody's failure", async () => {
    const { cache, clock, failures, text, answerWith, token } = setUp();
    await text();
    await clock.advance(13 * hour);
    const never = later();
    answerWith(async (n) => (n === 2 ? never.promise : token("new", hour)));
    await text();
    cache.supersede();
    never.resolve(token("old", hour));
    expect(await text()).toBe("new");
    expect(failures).toEqual([]);
  });
});

describe("a hit", () => {
  it("is answered from memory with the same promise every time", async () => {
    const { cache, requests, text } = setUp();
    expect(cache.peek(scope)).toBeUndefined();
    await text();
    expect(cache.peek(scope)).toBe(cache.peek([scope]));
    expect((await cache.peek(scope))?.token).toBe("token-1");
    expect(requests).toHaveLength(1);
  });

  it("keeps plain and CAE tokens apart", async () => {
    const { cache, text } = setUp();
    expect(await text(ask({ enableCae: true }))).toBe("token-1");
    expect(cache.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect((await cache.peek(scope, { enableCae: true }))?.token).toBe("token-1");
  });

  it("keeps tenants and users apart, and does not care whether the source's own tenant is named", async () => {
    const { cache, text } = setUp();
    await text(ask({ tenantId: "a" }));
    expect(cache.peek(scope)).toBeUndefined();
    expect(cache.peek(scope, { tenantId: "b" })).toBeUndefined();
    expect(cache.peek(scope, { tenantId: "a" }, "user")).toBeUndefined();
    expect(cache.peek(scope, { tenantId: "a" })).toBeDefined();
    const ignoring = setUp({ isHome: () => true });
    await ignoring.text(ask({ tenantId: "a" }));
    expect(ignoring.cache.peek(scope, { tenantId: "b" })).toBeDefined();
  });

  it("never answers a claims challenge, a proof-of-possession request or an aborted caller", async () => {
    const { cache, text } = setUp();
    await text();
    expect(cache.peek(scope, { claims: "{}" })).toBeUndefined();
    const pop = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a" };
    expect(cache.peek(scope, { proofOfPossessionOptions: pop })).toBeUndefined();
    expect(cache.peek(scope, { abortSignal: AbortSignal.abort() })).toBeUndefined();
  });

  it("is not there for a token during whose making the account changed: nobody knows whose it is", async () => {
    let account = "alice";
    const { cache, text, answerWith, token } = setUp({ accountState: () => account });
    answerWith(async (n) => {
      if (n === 1) account = "bob";
      return token(`token-${n}`, hour);
    });
    expect(await text()).toBe("token-1");
    expect(cache.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect(await text()).toBe("token-2");
  });

  it("is not there when nothing is to be remembered, but those who wait together share", async () => {
    const { cache, text, requests } = setUp({ remembers: false });
    expect(await Promise.all([text(), text()])).toEqual(["token-1", "token-1"]);
    expect(cache.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect(requests).toHaveLength(2);
  });

  it("ends when the account of the tool changes, and its token never comes back", async () => {
    let account = "alice";
    const { cache, text, requests } = setUp({ accountState: () => account });
    await text();
    account = "bob";
    expect(cache.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    account = "alice";
    expect(await text()).toBe("token-3");
    expect(requests).toHaveLength(3);
  });
});

describe("the account of a tool", () => {
  it("that changes while the tool works is not given the token of the one before", async () => {
    let account = "alice";
    const { text, answerWith, token } = setUp({ accountState: () => account });
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    account = "bob";
    gate.resolve(token("of alice", hour));
    expect(await waiting).toBe("of alice");
    answerWith(async () => token("of bob", hour));
    expect(await text()).toBe("of bob");
  });

  it("that cannot be told serves nothing from memory", async () => {
    let account: string | undefined = "alice";
    const { cache, text } = setUp({ accountState: () => account });
    await text();
    account = undefined;
    expect(cache.peek(scope)).toBeUndefined();
    expect([await text(), await text()]).toEqual(["token-2", "token-3"]);
  });
});

describe("forgetting", () => {
  it("keeps out what was asked for before and arrives after", async () => {
    const { cache, text, answerWith, token } = setUp();
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    cache.forget();
    gate.resolve(token("late", hour));
    await waiting;
    expect(cache.peek(scope)).toBeUndefined();
  });
});

describe("a miss", () => {
  it("makes one request for a thousand callers", async () => {
    const { text, requests } = setUp();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => text()));
    expect(new Set(tokens)).toEqual(new Set(["token-1"]));
    expect(requests).toHaveLength(1);
  });

  it("does not remember a failure", async () => {
    const { text, answerWith, token } = setUp();
    answerWith(() => Promise.reject(outcomeError("failed", "no")));
    await expect(text()).rejects.toMatchObject({ outcome: "failed" });
    answerWith(async () => token("good", hour));
    expect(await text()).toBe("good");
  });

  it("remembers being throttled for as long as was asked, at most five minutes", async () => {
    const { text, answerWith, token, clock, requests } = setUp();
    answerWith(() => Promise.reject(outcomeError("throttled", "slow down", { retryAfterMs: 2 * hour })));
    await expect(text()).rejects.toMatchObject({ outcome: "throttled", retryAfterMs: 2 * hour });
    answerWith(async () => token("good", hour));
    await expect(text(ask({ scopes: ["other/.default"] }))).rejects.toMatchObject({ outcome: "throttled" });
    expect(requests).toHaveLength(1);
    await clock.advance(5 * 60_000);
    expect(await text()).toBe("good");
  });
});

describe("being throttled", () => {
  it("in one tenant keeps nobody from another", async () => {
    const { text, answerWith, token, requests } = setUp();
    answerWith(() => Promise.reject(outcomeError("throttled", "slow down", { retryAfterMs: hour })));
    await expect(text(ask({ tenantId: "busy" }))).rejects.toMatchObject({ outcome: "throttled" });
    answerWith(async () => token("good", hour));
    expect(await text(ask({ tenantId: "calm" }))).toBe("good");
    await expect(text(ask({ tenantId: "busy" }))).rejects.toMatchObject({ outcome: "throttled" });
    expect(requests).toHaveLength(2);
  });

  it("for no time that was named is over after two seconds", async () => {
    const { text, answerWith, token, clock } = setUp();
    answerWith(() => Promise.reject(outcomeError("throttled", "slow down")));
    await expect(text()).rejects.toMatchObject({ outcome: "throttled" });
    answerWith(async () => token("good", hour));
    await clock.advance(1_999);
    await expect(text()).rejects.toMatchObject({ outcome: "throttled" });
    await clock.advance(1);
    expect(await text()).toBe("good");
  });
});

describe("a claims challenge", () => {
  it("is sent with the refused token, flies alone, and replaces what was remembered", async () => {
    const { cache, text, requests } = setUp();
    await text(ask({ enableCae: true }));
    const challenged = ask({ enableCae: true, claims: '{"access_token":{}}' });
    expect(await text(challenged)).toBe("token-2");
    expect(requests[1]).toMatchObject({ claims: '{"access_token":{}}', refusedToken: "token-1" });
    expect((await cache.peek(scope, { enableCae: true }))?.token).toBe("token-2");
    expect(await text(challenged)).toBe("token-3");
  });

  it("is not undone by a refresh that began before it and ends after it", async () => {
    const { cache, clock, text, answerWith, token } = setUp();
    await text();
    await clock.advance(12 * hour);
    const slow = Promise.withResolvers<IssuedToken>();
    answerWith((n) => (n === 2 ? slow.promise : Promise.resolve(token("answers the challenge", 24 * hour))));
    await text();
    await text(ask({ claims: "{}" }));
    slow.resolve(token("from before the challenge", 24 * hour));
    await clock.advance(0);
    expect((await cache.peek(scope))?.token).toBe("answers the challenge");
  });

  it("is not undone by a first request that began before it and ends after it", async () => {
    const { text, answerWith, token } = setUp();
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const slow = text();
    await Promise.resolve();
    answerWith(async () => token("for the challenge", hour));
    await text(ask({ claims: "{}" }));
    gate.resolve(token("older", hour));
    await slow;
    expect(await text()).toBe("for the challenge");
  });

  it("does not make later calls skip the memory", async () => {
    const { text, requests } = setUp();
    await text(ask({ claims: "{}" }));
    await text();
    expect(requests).toHaveLength(1);
  });
});

describe("a refresh", () => {
  it("runs once beside the callers, who keep the old token meanwhile", async () => {
    const { cache, clock, text, requests, answerWith, token } = setUp();
    await text();
    await clock.advance(12 * hour);
    const slow = Promise.withResolvers<IssuedToken>();
    answerWith(() => slow.promise);
    expect(cache.peek(scope)).toBeUndefined();
    expect(await Promise.all(Array.from({ length: 100 }, () => text()))).toEqual(Array(100).fill("token-1"));
    expect(requests).toHaveLength(2);
    expect(requests[1]?.background).toBe(true);
    slow.resolve(token("new", 24 * hour));
    await clock.advance(0);
    expect((await cache.peek(scope))?.token).toBe("new");
  });

  it("that fails or hangs rejects nobody through an outage of ten hours, and backs off", async () => {
    const { clock, text, requests, answerWith, failures } = setUp();
    await text();
    await clock.advance(12 * hour);
    answerWith((n) =>
      n % 2 === 0 ? Promise.reject(outcomeError("unreachable", "down")) : Promise.reject(new Error("odd")),
    );
    for (let second = 0; second < 12; second++) {
      expect(await text()).toBe("token-1");
      await clock.advance(1_000);
    }
    expect(requests.length - 1).toBeLessThanOrEqual(2);
    for (let passed = 0; passed < 10 * hour; passed += 60_000) {
      expect(await text()).toBe("token-1");
      await clock.advance(60_000);
    }
    expect(requests.length).toBeLessThan(140);
    expect(failures).toHaveLength(requests.length - 1);
  });

  it("that hangs blocks nobody while the token has more than a minute", async () => {
    const { clock, text, requests, answerWith } = setUp();
    await text();
    await clock.advance(12 * hour);
    answerWith(() => new Promise(() => {}));
    expect(await text()).toBe("token-1");
    await clock.advance(11 * hour);
    expect(await text()).toBe("token-1");
    expect(requests).toHaveLength(2);
  });

  it("is waited for in the last minute, and the old token is the answer only when it fails", async () => {
    const { clock, text, answerWith, token } = setUp();
    await text();
    await clock.advance(24 * hour - 30_000);
    answerWith(() => Promise.reject(outcomeError("failed", "down")));
    expect(await text()).toBe("token-1");
    await clock.advance(15_000);
    answerWith(async () => token("new", hour));
    expect(await text()).toBe("new");
  });

  it("is waited for in the last minute of either clock", async () => {
    const { text, answerWith, token, clock } = setUp();
    answerWith(async () => token("old", hour));
    await text();
    await clock.advance(hour - 30_000);
    clock.setWall(clock.now() - hour);
    answerWith(async () => token("new", hour));
    expect(await text()).toBe("new");
  });

  it("keeps the process alive only while somebody waits for it in the last minute", async () => {
    const { text, answerWith, token, clock } = setUp();
    answerWith(async () => token("old", hour));
    await text();
    await clock.advance(hour - 30_000);
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    expect(clock.sleepers).toBe(1);
    gate.resolve(token("new", hour));
    expect(await waiting).toBe("new");
    expect(clock.sleepers).toBe(0);
  });

  it("that brings a token which is due already does not chase its tail", async () => {
    const { text, answerWith, token, clock, requests } = setUp();
    answerWith(async () => token("kept by the host", hour, 0));
    for (let n = 0; n < 20; n++) {
      await text();
      await clock.advance(1_000);
    }
    expect(requests).toHaveLength(1);
    await clock.advance(30_000);
    await text();
    await clock.advance(1);
    expect(requests).toHaveLength(2);
  });

  it("begins five minutes before expiry when the source names no time", async () => {
    const { cache, clock, text, answerWith, token } = setUp();
    answerWith(async () => token("t", hour));
    await text();
    await clock.advance(55 * 60_000 - 1);
    expect(cache.peek(scope)).toBeDefined();
    await clock.advance(1);
    expect(cache.peek(scope)).toBeUndefined();
  });

  it("does not chase its tail when tokens live four minutes", async () => {
    const { text, requests, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, 4 * 60_000));
    for (let call = 0; call < 10; call++) expect(await text()).toBe("t1");
    expect(requests).toHaveLength(1);
  });

  it("spreads over a tenth of what is left, so that a fleet does not refresh at once", async () => {
    const early = setUp({ random: () => 0 });
    const late = setUp({ random: () => 0.999 });
    for (const { text, clock, cache } of [early, late]) {
      await text();
      await clock.advance(12.5 * hour);
      expect(cache.peek(scope) === undefined).toBe(cache === early.cache);
    }
  });
});

describe("clocks", () => {
  it("that jump ten hours ahead, as after a sleep, never serve a dead token", async () => {
    const { clock, text, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, hour));
    await text();
    clock.setWall(clock.now() + 10 * hour);
    expect(await text()).toBe("t2");
  });

  it("that are set back an hour do not revive a token that has died meanwhile", async () => {
    const { cache, clock, text, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, hour));
    await text();
    await clock.advance(hour);
    clock.setWall(clock.now() - hour);
    expect(cache.peek(scope)).toBeUndefined();
    expect(await text()).toBe("t2");
  });
});

describe("closing", () => {
  it("ends flights with its reason, refuses later calls and forgets everything", async () => {
    const reason = new Error("closed");
    const { cache, text, answerWith } = setUp();
    await text();
    answerWith(() => new Promise(() => {}));
    cache.close(reason);
    expect(cache.peek(scope)).toBeUndefined();
    await expect(text()).rejects.toBe(reason);
  });
});

import { describe, expect, it } from "vitest";
import { ask, hour, scope, setUp } from "../../test/link-under-test.ts";
import type { IssuedToken } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";

describe("a hit", () => {
  it("a hit returns the same promise each time", async () => {
    const { link, requests, text } = setUp();
    expect(link.peek(scope)).toBeUndefined();
    await text();
    expect(link.peek(scope)).toBe(link.peek([scope]));
    expect((await link.peek(scope))?.token).toBe("token-1");
    expect(requests).toHaveLength(1);
  });

  it("plain tokens and CAE tokens are remembered separately", async () => {
    const { link, text } = setUp();
    expect(await text(ask({ enableCae: true }))).toBe("token-1");
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect((await link.peek(scope, { enableCae: true }))?.token).toBe("token-1");
  });

  it("tokens of tenants and users are remembered separately, and naming the source's own tenant makes no difference", async () => {
    const { link, text } = setUp();
    await text(ask({ tenantId: "a" }));
    expect(link.peek(scope)).toBeUndefined();
    expect(link.peek(scope, { tenantId: "b" })).toBeUndefined();
    expect(link.peek(scope, { tenantId: "a" }, "user")).toBeUndefined();
    expect(link.peek(scope, { tenantId: "a" })).toBeDefined();
    const ignoring = setUp({ tenantPolicy: "fixed" });
    await ignoring.text(ask({ tenantId: "a" }));
    expect(ignoring.link.peek(scope, { tenantId: "b" })).toBeDefined();
  });

  it("memory never answers a claims challenge, a proof-of-possession request or an aborted caller", async () => {
    const { link, text } = setUp();
    await text();
    expect(link.peek(scope, { claims: "{}" })).toBeUndefined();
    const pop = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a" };
    expect(link.peek(scope, { proofOfPossessionOptions: pop })).toBeUndefined();
    expect(link.peek(scope, { abortSignal: AbortSignal.abort() })).toBeUndefined();
  });

  it("a token is not remembered if the account changed during its acquisition", async () => {
    let account = "alice";
    const { link, text, answerWith, token } = setUp({ accountState: () => account });
    answerWith(async (n) => {
      if (n === 1) account = "bob";
      return token(`token-${n}`, hour);
    });
    expect(await text()).toBe("token-1");
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect(await text()).toBe("token-2");
  });

  it("without a cache nothing is remembered, but concurrent callers share an acquisition", async () => {
    const { link, text, requests } = setUp({ remembers: false });
    expect(await Promise.all([text(), text()])).toEqual(["token-1", "token-1"]);
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    expect(requests).toHaveLength(2);
  });

  it("a remembered token is dropped for good when the account of the tool changes", async () => {
    let account = "alice";
    const { link, text, requests } = setUp({ accountState: () => account });
    await text();
    account = "bob";
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
    account = "alice";
    expect(await text()).toBe("token-3");
    expect(requests).toHaveLength(3);
  });
});

describe("the account of a tool", () => {
  it("an account that changes during an acquisition does not get the token of the previous account", async () => {
    let account = "alice";
    const { text, answerWith, token } = setUp({ accountState: () => account });
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    account = "bob";
    gate.resolve(token("of-alice", hour));
    expect(await waiting).toBe("of-alice");
    answerWith(async () => token("of-bob", hour));
    expect(await text()).toBe("of-bob");
  });

  it("an account state that is not a string, such as a promise, disables memory", async () => {
    const { link, text } = setUp({ accountState: () => Promise.resolve("alice") as unknown as string });
    expect(await text()).toBe("token-1");
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("token-2");
  });

  it("an account state that cannot be read disables memory", async () => {
    let account: string | undefined = "alice";
    const { link, text } = setUp({
      accountState() {
        if (account === undefined) throw new Error("unknown");
        return account;
      },
    });
    await text();
    account = undefined;
    expect(link.peek(scope)).toBeUndefined();
    expect([await text(), await text()]).toEqual(["token-2", "token-3"]);
  });
});

describe("forgetting", () => {
  it("a token that was requested before forgetting is not remembered when it arrives later", async () => {
    const { link, text, answerWith, token } = setUp();
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    link.forget();
    gate.resolve(token("late", hour));
    await waiting;
    expect(link.peek(scope)).toBeUndefined();
  });
});

describe("a miss", () => {
  it("a miss makes one request for a thousand callers", async () => {
    const { text, requests } = setUp();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => text()));
    expect(new Set(tokens)).toEqual(new Set(["token-1"]));
    expect(requests).toHaveLength(1);
  });

  it("a failure is not remembered", async () => {
    const { text, answerWith, token } = setUp();
    answerWith(() => Promise.reject(outcomeError("failed", "no")));
    await expect(text()).rejects.toMatchObject({ outcome: "failed" });
    answerWith(async () => token("good", hour));
    expect(await text()).toBe("good");
  });

  it("throttling is remembered for the requested time, at most five minutes", async () => {
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
  it("throttling in one tenant does not affect another", async () => {
    const { text, answerWith, token, requests } = setUp();
    answerWith(() => Promise.reject(outcomeError("throttled", "slow down", { retryAfterMs: hour })));
    await expect(text(ask({ tenantId: "busy" }))).rejects.toMatchObject({ outcome: "throttled" });
    answerWith(async () => token("good", hour));
    expect(await text(ask({ tenantId: "calm" }))).toBe("good");
    await expect(text(ask({ tenantId: "busy" }))).rejects.toMatchObject({ outcome: "throttled" });
    expect(requests).toHaveLength(2);
  });

  it("throttling without a requested time ends after two seconds", async () => {
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
  it("a claims challenge is sent with the refused token, shares no acquisition, and replaces the remembered token", async () => {
    const { link, text, requests } = setUp();
    await text(ask({ enableCae: true }));
    const challenged = ask({ enableCae: true, claims: '{"access_token":{}}' });
    expect(await text(challenged)).toBe("token-2");
    expect(requests[1]).toMatchObject({ claims: '{"access_token":{}}', refusedToken: "token-1" });
    expect((await link.peek(scope, { enableCae: true }))?.token).toBe("token-2");
    expect(await text(challenged)).toBe("token-3");
  });

  it("a refresh that began before a claims challenge does not replace its token", async () => {
    const { link, clock, text, answerWith, token } = setUp();
    await text();
    await clock.advance(12 * hour);
    const slow = Promise.withResolvers<IssuedToken>();
    answerWith((n) => (n === 2 ? slow.promise : Promise.resolve(token("answers-the-challenge", 24 * hour))));
    await text();
    await clock.advance(0);
    await text(ask({ claims: "{}" }));
    slow.resolve(token("from-before-the-challenge", 24 * hour));
    await clock.advance(0);
    expect((await link.peek(scope))?.token).toBe("answers-the-challenge");
  });

  it("a request that began before a claims challenge does not replace its token", async () => {
    const { text, answerWith, token } = setUp();
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const slow = text();
    await Promise.resolve();
    answerWith(async () => token("for-the-challenge", hour));
    await text(ask({ claims: "{}" }));
    gate.resolve(token("older", hour));
    await slow;
    expect(await text()).toBe("for-the-challenge");
  });

  it("calls after a claims challenge use memory", async () => {
    const { text, requests } = setUp();
    await text(ask({ claims: "{}" }));
    await text();
    expect(requests).toHaveLength(1);
  });
});

describe("closing", () => {
  it("closing a link ends acquisitions with its reason, refuses later calls and forgets all tokens", async () => {
    const reason = new Error("closed");
    const { link, text, answerWith } = setUp();
    await text();
    answerWith(() => new Promise(() => {}));
    link.close(reason);
    expect(link.peek(scope)).toBeUndefined();
    await expect(text()).rejects.toBe(reason);
  });

  it("closing a link ends callers whose acquisition an account change has just ended", async () => {
    const reason = new Error("closed");
    const { link, requests, text, answerWith } = setUp();
    answerWith(
      () =>
        new Promise((_, reject) => {
          const signal = requests[0]?.signal as AbortSignal;
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    );
    const waiting = text();
    link.changeAccount();
    link.close(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it("closing a link does not report the refresh that it ends as failed", async () => {
    const { link, clock, requests, failures, text, answerWith } = setUp();
    await text();
    await clock.advance(13 * hour);
    answerWith(
      () =>
        new Promise((_, reject) => {
          const signal = requests[1]?.signal as AbortSignal;
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    );
    await text();
    link.close(new Error("closed"));
    await clock.advance(0);
    expect(failures).toEqual([]);
  });

  it("closing a link rejects callers that wait for a refresh", async () => {
    const reason = new Error("closed");
    const { link, clock, text, answerWith } = setUp();
    await text();
    await clock.advance(24 * hour - 30_000);
    const down = Promise.withResolvers<IssuedToken>();
    answerWith(() => down.promise);
    const waiting = text();
    link.close(reason);
    down.reject(outcomeError("unreachable", "No answer."));
    await expect(waiting).rejects.toBe(reason);
  });
});

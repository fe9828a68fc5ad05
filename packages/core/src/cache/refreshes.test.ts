import { describe, expect, it } from "vitest";
import { ask, hour, scope, setUp } from "../../test/link-under-test.ts";
import type { IssuedToken } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";

describe("a refresh", () => {
  it("a refresh runs once in the background while all callers get the old token", async () => {
    const { link, clock, text, requests, answerWith, token } = setUp();
    await text();
    await clock.advance(12 * hour);
    const slow = Promise.withResolvers<IssuedToken>();
    answerWith(() => slow.promise);
    expect(link.peek(scope)).toBeUndefined();
    expect(await Promise.all(Array.from({ length: 100 }, () => text()))).toEqual(Array(100).fill("token-1"));
    expect(requests).toHaveLength(1); // the turn is that of the callers
    await clock.advance(0);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.background).toBe(true);
    slow.resolve(token("new", 24 * hour));
    await clock.advance(0);
    expect((await link.peek(scope))?.token).toBe("new");
  });

  it("a refresh that fails rejects no caller through an outage of ten hours, and backs off", async () => {
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

  it("a refresh that hangs blocks no caller while the token lives more than two and a half minutes", async () => {
    const { clock, text, requests, answerWith } = setUp();
    await text();
    await clock.advance(12 * hour);
    answerWith(() => new Promise(() => {}));
    expect(await text()).toBe("token-1");
    await clock.advance(12 * hour - 151_000);
    expect(await text()).toBe("token-1");
    expect(requests).toHaveLength(2);
  });

  it("a refresh is waited for two minutes before expiry, and the old token served only when it fails", async () => {
    const { clock, text, answerWith, token } = setUp();
    await text();
    await clock.advance(24 * hour - 120_000);
    answerWith(() => Promise.reject(outcomeError("failed", "down")));
    expect(await text()).toBe("token-1");
    await clock.advance(15_000);
    answerWith(async () => token("new", hour));
    expect(await text()).toBe("new");
  });

  it("a refresh that hangs delays callers by five seconds while their token is valid, and then until it ends", async () => {
    const { clock, text, answerWith, token } = setUp();
    await text();
    await clock.advance(24 * hour - 10_000);
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const [first, second] = [text(), text()];
    await clock.advance(5_000);
    expect(await Promise.all([first, second])).toEqual(["token-1", "token-1"]);
    const last = text();
    await clock.advance(20_000);
    expect(clock.awaitedSleepers).toBe(1);
    gate.resolve(token("new", hour));
    expect(await last).toBe("new");
    expect(clock.awaitedSleepers).toBe(0);
  });

  it("a refresh is waited for near the end of the token by either clock", async () => {
    const { text, answerWith, token, clock } = setUp();
    answerWith(async () => token("old", hour));
    await text();
    await clock.advance(hour - 30_000);
    clock.setWall(clock.now() - hour);
    answerWith(async () => token("new", hour));
    expect(await text()).toBe("new");
  });

  it("a refresh keeps the process alive only while a caller waits for it", async () => {
    const { text, answerWith, token, clock } = setUp();
    answerWith(async () => token("old", hour));
    await text();
    await clock.advance(hour - 30_000);
    const gate = Promise.withResolvers<IssuedToken>();
    answerWith(() => gate.promise);
    const waiting = text();
    await Promise.resolve();
    expect(clock.awaitedSleepers).toBe(1);
    gate.resolve(token("new", hour));
    expect(await waiting).toBe("new");
    expect(clock.awaitedSleepers).toBe(0);
  });

  it("a refresh that ends before the answer to a claims challenge does not outlive that answer", async () => {
    const { text, answerWith, token, clock, requests } = setUp();
    await text();
    await clock.advance(13 * hour);
    const challenge = Promise.withResolvers<IssuedToken>();
    answerWith(() => challenge.promise);
    const answer = text(ask({ claims: "{}" }));
    await new Promise(setImmediate);
    answerWith(async () => token("refreshed", hour));
    await text(); // begins the refresh
    await new Promise(setImmediate);
    expect(await text()).toBe("refreshed");
    challenge.resolve(token("with-claims", hour));
    expect(await answer).toBe("with-claims");
    expect(await text()).toBe("with-claims");
    expect(requests).toHaveLength(3);
  });
});

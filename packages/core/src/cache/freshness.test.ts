import { describe, expect, it } from "vitest";
import { hour, scope, setUp } from "../../test/link-under-test.ts";

describe("a refresh", () => {
  it("a refresh is not repeated at once when the new token is due for refresh, too", async () => {
    const { text, answerWith, token, clock, requests } = setUp();
    answerWith(async () => token("kept-by-the-host", hour, 0));
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

  it("a refresh begins five minutes before expiry when the source names no time", async () => {
    const { link, clock, text, answerWith, token } = setUp();
    answerWith(async () => token("t", hour));
    await text();
    await clock.advance(55 * 60_000 - 1);
    expect(link.peek(scope)).toBeDefined();
    await clock.advance(1);
    expect(link.peek(scope)).toBeUndefined();
  });

  it("a refresh is not due at once for tokens that live four minutes", async () => {
    const { text, requests, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, 4 * 60_000));
    for (let call = 0; call < 10; call++) expect(await text()).toBe("t1");
    expect(requests).toHaveLength(1);
  });

  it("a refresh is spread over a tenth of the remaining life, so that a fleet does not refresh at once", async () => {
    const early = setUp({ random: () => 0 });
    const late = setUp({ random: () => 0.999 });
    for (const { text, clock, link } of [early, late]) {
      await text();
      await clock.advance(12.5 * hour);
      expect(link.peek(scope) === undefined).toBe(link === early.link);
    }
  });
});

describe("a clock", () => {
  it("a clock that jumps ten hours ahead, as after a sleep, never makes the cache serve an expired token", async () => {
    const { clock, text, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, hour));
    await text();
    clock.setWall(clock.now() + 10 * hour);
    expect(await text()).toBe("t2");
  });

  it("a clock that is set back an hour does not revive a token that has expired", async () => {
    const { link, clock, text, answerWith, token } = setUp();
    answerWith(async (n) => token(`t${n}`, hour));
    await text();
    await clock.advance(hour);
    clock.setWall(clock.now() - hour);
    expect(link.peek(scope)).toBeUndefined();
    expect(await text()).toBe("t2");
  });
});

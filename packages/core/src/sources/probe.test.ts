import { expect, it } from "vitest";
import type { Detection } from "../contract/source.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createProbe } from "./probe.ts";

const signal = new AbortController().signal;

function setUp(state: Detection["state"]) {
  const clock = createFakeClock();
  let knocks = 0;
  const door = { state };
  const probe = createProbe(clock, async () => {
    knocks++;
    return { state: door.state, reason: "knocked" };
  });
  return { clock, probe, door, knocks: () => knocks };
}

it("knocks once at somebody who opens", async () => {
  const { probe, clock, knocks } = setUp("ready");
  await probe(signal);
  await clock.advance(10 * 3_600_000);
  await probe(signal);
  expect(knocks()).toBe(1);
});

it("forgets that nobody opened after 1 s, 5 s, 30 s and then every 5 min, never keeping it for good", async () => {
  const { probe, clock, knocks } = setUp("absent");
  for (const [standing, times] of [
    [1_000, 1],
    [5_000, 2],
    [30_000, 3],
    [300_000, 4],
    [300_000, 5],
  ] as const) {
    await probe(signal);
    await clock.advance(standing - 1);
    await probe(signal);
    expect(knocks()).toBe(times);
    await clock.advance(1);
  }
});

it("finds somebody who was too slow the first time", async () => {
  const { probe, clock, door } = setUp("absent");
  await probe(signal);
  door.state = "ready";
  await clock.advance(1_100);
  expect(await probe(signal)).toMatchObject({ state: "ready" });
});

it("does not remember a knock that failed", async () => {
  let fail = true;
  const probe = createProbe(createFakeClock(), async () => {
    if (fail) throw new Error("no");
    return { state: "ready", reason: "yes" };
  });
  await expect(probe(signal)).rejects.toThrow("no");
  fail = false;
  expect(await probe(signal)).toMatchObject({ state: "ready" });
});

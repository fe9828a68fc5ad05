import { expect, it } from "vitest";
import type { Detection } from "../contract/source.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createProbeMemory, probeAgain } from "./probe.ts";

function setUp(state: Detection["state"]) {
  const clock = createFakeClock();
  let probes = 0;
  const host = { state };
  const memory = createProbeMemory();
  const probe = () =>
    probeAgain(memory, clock, async () => {
      probes++;
      return { state: host.state, reason: "probed" };
    });
  return { clock, probe, host, probes: () => probes };
}

it.each(["likely", "ready"] as const)("probes a host once that was recognised: %s", async (state) => {
  const { probe, clock, probes } = setUp(state);
  await probe();
  await clock.advance(10 * 3_600_000);
  await probe();
  expect(probes()).toBe(1);
});

it.each(["absent", "possible"] as const)(
  "probes a host that was not recognised (%s) again after 1 s, 5 s, 15 s and so on, at last every 5 min",
  async (state) => {
    const { probe, clock, probes } = setUp(state);
    for (const [standing, times] of [
      [1_000, 1],
      [5_000, 2],
      [15_000, 3],
      [30_000, 4],
      [60_000, 5],
      [120_000, 6],
      [300_000, 7],
      [300_000, 8],
    ] as const) {
      await probe();
      await clock.advance(standing - 1);
      await probe();
      expect(probes()).toBe(times);
      await clock.advance(1);
    }
  },
);

it("a probe finds a host that was too slow the first time", async () => {
  const { probe, clock, host } = setUp("absent");
  await probe();
  host.state = "ready";
  await clock.advance(1_100);
  expect(await probe()).toMatchObject({ state: "ready" });
});

it("a failed probe is not remembered", async () => {
  let fail = true;
  const [memory, clock] = [createProbeMemory(), createFakeClock()];
  const probe = () =>
    probeAgain(memory, clock, async () => {
      if (fail) throw new Error("no");
      return { state: "ready", reason: "yes" };
    });
  await expect(probe()).rejects.toThrow("no");
  fail = false;
  expect(await probe()).toMatchObject({ state: "ready" });
});

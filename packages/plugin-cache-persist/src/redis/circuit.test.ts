import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createCircuit } from "./circuit.ts";

function setUp() {
  const clock = createFakeClock();
  const other = { works: true, silent: false, trials: 0 };
  const answer = <T>(value: T): Promise<T> => {
    if (other.silent) return new Promise(() => {});
    return other.works ? Promise.resolve(value) : Promise.reject(new Error("ECONNREFUSED redis://me:c4n4ry@host"));
  };
  const trial = async () => {
    other.trials++;
    await answer("trial");
  };
  return { clock, other, circuit: createCircuit({ clock, timeoutMs: 500, trial }), work: () => answer("value") };
}

it("passes on what comes in time", async () => {
  const { circuit, work } = setUp();
  expect(await circuit.run(work)).toBe("value");
});

it("waits for nobody after one failure, and names no password", async () => {
  const { circuit, work, other } = setUp();
  other.works = false;
  await expect(circuit.run(work)).rejects.toMatchObject({ code: "store-unreachable" });
  other.works = true;
  const error = circuit.run(() => expect.fail("it should not have been asked"));
  await expect(error).rejects.toMatchObject({ code: "store-unreachable" });
  await expect(error).rejects.not.toThrow(/c4n4ry/);
});

it("costs one time-out when the other side is silent, however many operations follow", async () => {
  const { circuit, work, other, clock } = setUp();
  other.silent = true;
  const first = circuit.run(work).catch((error) => error);
  await clock.advance(500);
  expect(await first).toMatchObject({ code: "store-unreachable" });
  const before = clock.monotonic();
  for (let n = 0; n < 5; n++) await expect(circuit.run(work)).rejects.toMatchObject({ code: "store-unreachable" });
  expect(clock.monotonic()).toBe(before);
});

it("closes by itself, beside the callers, once a trial goes well", async () => {
  const { circuit, work, other, clock } = setUp();
  other.works = false;
  await circuit.run(work).catch(() => undefined);
  await clock.advance(1_000);
  await expect(circuit.run(work)).rejects.toThrow(); // starts a trial, which fails
  await clock.advance(0);
  other.works = true;
  await clock.advance(1_999);
  await expect(circuit.run(work)).rejects.toThrow(); // too early for another
  expect(other.trials).toBe(1);
  await clock.advance(1);
  await expect(circuit.run(work)).rejects.toThrow(); // starts the one that goes well
  await clock.advance(0);
  expect(await circuit.run(work)).toBe("value");
});

it("tries at most every thirty seconds, and one at a time", async () => {
  const { circuit, work, other, clock } = setUp();
  other.works = false;
  for (let minute = 0; minute < 10; minute++) {
    for (let n = 0; n < 100; n++) await circuit.run(work).catch(() => undefined);
    await clock.advance(60_000);
  }
  expect(other.trials).toBeLessThanOrEqual(20);
});

it("ends what it waits for when it is closed", async () => {
  const { circuit, work, other } = setUp();
  other.silent = true;
  const waiting = circuit.run(work).catch((error) => error);
  circuit.close();
  expect(await waiting).toMatchObject({ code: "store-unreachable" });
});

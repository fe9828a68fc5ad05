import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createCircuit } from "./circuit.ts";

function setUp() {
  const clock = createFakeClock();
  const redis = { works: true, silent: false, probes: 0 };
  const answer = <T>(value: T): Promise<T> => {
    if (redis.silent) return new Promise(() => {});
    return redis.works ? Promise.resolve(value) : Promise.reject(new Error("ECONNREFUSED redis://me:c4n4ry@host"));
  };
  const probe = async () => {
    redis.probes++;
    await answer("probe");
  };
  return { clock, redis, circuit: createCircuit({ clock, timeoutMs: 500, probe }), work: () => answer("value") };
}

it("a call returns the result of its work", async () => {
  const { circuit, work } = setUp();
  expect(await circuit.run(work)).toBe("value");
});

it("after one failure calls reject at once, and no message contains the password", async () => {
  const { circuit, work, redis } = setUp();
  redis.works = false;
  await expect(circuit.run(work)).rejects.toMatchObject({ code: "store-unreachable" });
  redis.works = true;
  const error = circuit.run(() => expect.fail("Redis should not be called"));
  await expect(error).rejects.toMatchObject({ code: "store-unreachable" });
  await expect(error).rejects.not.toThrow(/c4n4ry/);
});

it("a Redis that does not answer costs one timeout, however many operations follow", async () => {
  const { circuit, work, redis, clock } = setUp();
  redis.silent = true;
  const first = circuit.run(work).catch((error) => error);
  await clock.advance(500);
  expect(await first).toMatchObject({ code: "store-unreachable" });
  const before = clock.monotonic();
  for (let n = 0; n < 5; n++) await expect(circuit.run(work)).rejects.toMatchObject({ code: "store-unreachable" });
  expect(clock.monotonic()).toBe(before);
});

it("a probe in the background that succeeds closes the circuit", async () => {
  const { circuit, work, redis, clock } = setUp();
  redis.works = false;
  await circuit.run(work).catch(() => undefined);
  await clock.advance(1_000);
  await expect(circuit.run(work)).rejects.toThrow(); // starts a probe, which fails
  await clock.advance(0);
  redis.works = true;
  await clock.advance(1_999);
  await expect(circuit.run(work)).rejects.toThrow(); // too early for another
  expect(redis.probes).toBe(1);
  await clock.advance(1);
  await expect(circuit.run(work)).rejects.toThrow(); // starts the one that succeeds
  await clock.advance(0);
  expect(await circuit.run(work)).toBe("value");
});

it("probes run at most every thirty seconds, one at a time", async () => {
  const { circuit, work, redis, clock } = setUp();
  redis.works = false;
  for (let minute = 0; minute < 10; minute++) {
    for (let n = 0; n < 100; n++) await circuit.run(work).catch(() => undefined);
    await clock.advance(60_000);
  }
  expect(redis.probes).toBeLessThanOrEqual(20);
});

it("closing rejects pending calls", async () => {
  const { circuit, work, redis } = setUp();
  redis.silent = true;
  const waiting = circuit.run(work).catch((error) => error);
  circuit.close();
  expect(await waiting).toMatchObject({ code: "store-unreachable" });
});

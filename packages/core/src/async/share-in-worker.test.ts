import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Flight } from "./flights.ts";
import { shareInWorker } from "./share-in-worker.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A flight; `leave` makes what follows another request, which must not touch the controller. */
function begin() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const controller = new AbortController();
  const { signal } = controller;
  const flight: Flight<string> = shareInWorker({ key: "k", result: promise, controller, waiters: 0 });
  const leave = () =>
    Object.defineProperty(controller, "signal", {
      get: () => {
        throw new Error("Cannot perform I/O on behalf of a different request.");
      },
    });
  return { flight, signal, resolve, leave };
}

it("the request that began a flight may end it, and waits for it as long as it takes", async () => {
  const { flight, signal, resolve } = begin();
  const { result } = flight;
  vi.advanceTimersByTime(100_000);
  expect(flight.isLost).toBe(false);
  resolve("token");
  expect(await result).toBe("token");
  flight.controller.abort(new Error("over"));
  expect(signal.aborted).toBe(true);
});

it("another request gets the result of a flight, and never ends it", async () => {
  const { flight, signal, resolve, leave } = begin();
  leave();
  const { result } = flight;
  flight.controller.abort(new Error("over"));
  expect(signal.aborted).toBe(false);
  resolve("token");
  expect(await result).toBe("token");
  await Promise.resolve();
  expect(vi.getTimerCount()).toBe(0);
});

it("another request that waits for a flight which has been cut off gets an error after 35 seconds from its start", async () => {
  const { flight, leave } = begin();
  vi.advanceTimersByTime(30_000);
  leave();
  const result = flight.result.catch((error: unknown) => error);
  vi.advanceTimersByTime(4_999);
  expect(flight.isLost).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await result).toMatchObject({ outcome: "timeout", remedy: "Request the token again." });
  expect(flight.isLost).toBe(true);
});

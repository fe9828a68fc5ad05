import { expect, it } from "vitest";
import { isBackground, markBackground } from "./abort.ts";
import { abortFlights, createFlights, detachFlight, joinFlight, joinFlightApart } from "./flights.ts";

/** Work that a test ends by hand. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    return promise;
  };
  return { start, signals, resolve, reject };
}

it("work starts once for all callers with the same key while it runs", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const callers = Array.from({ length: 1_000 }, () => joinFlight(flights, "a", undefined, start));
  resolve("token");
  expect(new Set(await Promise.all(callers))).toEqual(new Set(["token"]));
  expect(signals).toHaveLength(1);
});

it("different keys have flights of their own", async () => {
  const flights = createFlights<string>();
  const answers = [
    joinFlight(flights, "a", undefined, async () => "A"),
    joinFlight(flights, "b", undefined, async () => "B"),
  ];
  expect(await Promise.all(answers)).toEqual(["A", "B"]);
});

it("a new flight starts after the last one has succeeded or failed", async () => {
  const flights = createFlights<string>();
  await expect(joinFlight(flights, "a", undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await joinFlight(flights, "a", undefined, async () => "yes")).toBe("yes");
});

it("a flight rejects when its start throws", async () => {
  const flights = createFlights<string>();
  const start = () => {
    throw new Error("at once");
  };
  await expect(joinFlight(flights, "a", undefined, start)).rejects.toThrow("at once");
});

it("flights of background work are marked, and apart from those of callers", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const caller = new AbortController().signal;
  const background = new AbortController().signal;
  markBackground(background);
  const all = [caller, background, caller, background].map((one) => joinFlightApart(flights, "a", one, start));
  expect(signals.map(isBackground)).toEqual([false, true]);
  resolve("token");
  expect(await Promise.all(all)).toEqual(["token", "token", "token", "token"]);
});

it("a caller that aborts leaves the flight to the others", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const leaving = new AbortController();
  const left = joinFlight(flights, "a", leaving.signal, start);
  const stayed = Array.from({ length: 99 }, () => joinFlight(flights, "a", new AbortController().signal, start));
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: "AbortError", code: "cancelled" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(new Set(await Promise.all(stayed))).toEqual(new Set(["token"]));
});

it("the abort of the last caller ends the work, and a later caller gets a new flight", async () => {
  const flights = createFlights<string>();
  const first = work();
  const callers = [new AbortController(), new AbortController()];
  const waits = callers.map((caller) => joinFlight(flights, "a", caller.signal, first.start));
  for (const caller of callers) caller.abort();
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: "AbortError" });
  expect(first.signals[0]?.aborted).toBe(true);
  expect(await joinFlight(flights, "a", undefined, async () => "second")).toBe("second");
  first.reject(new Error("late failure of the first flight"));
});

it("a flight goes on for a caller without a signal", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const waiting = joinFlight(flights, "a", undefined, start);
  const leaving = new AbortController();
  const left = joinFlight(flights, "a", leaving.signal, start);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(await waiting).toBe("token");
});

it("a caller whose signal has ended already is refused without starting anything", async () => {
  const { start, signals } = work();
  await expect(joinFlight(createFlights<string>(), "a", AbortSignal.abort(), start)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(signals).toHaveLength(0);
});

it("a detached flight goes on after its only visitor has aborted", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const landed = detachFlight(flights, "a", start);
  expect(detachFlight(flights, "a", start)).toBeUndefined();
  const visitor = new AbortController();
  const visit = joinFlight(flights, "a", visitor.signal, start);
  visitor.abort();
  await expect(visit).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(await landed).toBe("token");
});

it("abortFlights rejects all flights with its reason", async () => {
  const flights = createFlights<string>();
  const reason = new Error("closed");
  const start = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const waits = [joinFlight(flights, "a", undefined, start), joinFlight(flights, "b", undefined, start)];
  abortFlights(flights, reason);
  for (const wait of waits) await expect(wait).rejects.toBe(reason);
});

it("there are no tables once all flights have ended", async () => {
  const flights = createFlights<string>();
  const failing = joinFlight(flights, "a", undefined, () => Promise.reject(new Error("no")));
  await Promise.allSettled([failing, joinFlight(flights, "b", undefined, async () => "B")]);
  expect(flights).toEqual({ joinable: undefined, running: undefined });
});

it("a caller joins no flight that is lost", async () => {
  let isLost = false;
  const flights = createFlights<string>((flight) => Object.defineProperty(flight, "isLost", { get: () => isLost }));
  const first = work();
  void joinFlight(flights, "a", undefined, first.start);
  void joinFlight(flights, "a", undefined, first.start);
  expect(first.signals).toHaveLength(1);
  isLost = true;
  expect(await joinFlight(flights, "a", undefined, async () => "second")).toBe("second");
});

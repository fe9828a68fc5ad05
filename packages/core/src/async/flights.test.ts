import { expect, it } from "vitest";
import { createFlights } from "./flights.ts";

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

it("starts once for all who ask for the same key while it runs", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const callers = Array.from({ length: 1_000 }, () => flights.join("a", undefined, start));
  resolve("token");
  expect(new Set(await Promise.all(callers))).toEqual(new Set(["token"]));
  expect(signals).toHaveLength(1);
});

it("keeps different keys apart", async () => {
  const flights = createFlights<string>();
  const answers = [flights.join("a", undefined, async () => "A"), flights.join("b", undefined, async () => "B")];
  expect(await Promise.all(answers)).toEqual(["A", "B"]);
});

it("starts anew after it has landed, well or badly", async () => {
  const flights = createFlights<string>();
  await expect(flights.join("a", undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await flights.join("a", undefined, async () => "yes")).toBe("yes");
});

it("rejects when the start throws", async () => {
  const flights = createFlights<string>();
  const start = () => {
    throw new Error("at once");
  };
  await expect(flights.join("a", undefined, start)).rejects.toThrow("at once");
});

it("frees one caller who aborts and flies on for the others", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const impatient = new AbortController();
  const left = flights.join("a", impatient.signal, start);
  const stayed = Array.from({ length: 99 }, () => flights.join("a", new AbortController().signal, start));
  impatient.abort();
  await expect(left).rejects.toMatchObject({ name: "AbortError", code: "cancelled" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(new Set(await Promise.all(stayed))).toEqual(new Set(["token"]));
});

it("ends the work when the last caller aborts, and gives who comes later a flight of their own", async () => {
  const flights = createFlights<string>();
  const first = work();
  const callers = [new AbortController(), new AbortController()];
  const waits = callers.map((caller) => flights.join("a", caller.signal, first.start));
  for (const caller of callers) caller.abort();
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: "AbortError" });
  expect(first.signals[0]?.aborted).toBe(true);
  expect(await flights.join("a", undefined, async () => "second")).toBe("second");
  first.reject(new Error("late failure of the first flight"));
});

it("does not count a caller without a signal as gone", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const patient = flights.join("a", undefined, start);
  const impatient = new AbortController();
  const left = flights.join("a", impatient.signal, start);
  impatient.abort();
  await expect(left).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(await patient).toBe("token");
});

it("refuses a caller whose signal has ended already, without starting anything", async () => {
  const { start, signals } = work();
  await expect(createFlights<string>().join("a", AbortSignal.abort(), start)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(signals).toHaveLength(0);
});

it("never ends a detached flight for callers who came and went", async () => {
  const flights = createFlights<string>();
  const { start, signals, resolve } = work();
  const landed = flights.detach("a", start);
  expect(flights.detach("a", start)).toBeUndefined();
  const visitor = new AbortController();
  const visit = flights.join("a", visitor.signal, start);
  visitor.abort();
  await expect(visit).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(false);
  resolve("token");
  expect(await landed).toBe("token");
});

it("aborts everything with a reason when it is told to", async () => {
  const flights = createFlights<string>();
  const reason = new Error("closed");
  const start = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const waits = [flights.join("a", undefined, start), flights.join("b", undefined, start)];
  flights.abort(reason);
  for (const wait of waits) await expect(wait).rejects.toBe(reason);
});

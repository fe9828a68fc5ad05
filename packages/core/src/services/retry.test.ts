import { expect, it } from "vitest";
import type { RetrySettings, RetryTable } from "../contract/context.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createRetry } from "./retry.ts";

const table: RetryTable = { statuses: [0, 404, 410, 500], delaysMs: [1_000, 2_000, 4_000] };
const status = (statusCode: number, retryAfterMs?: number) =>
  outcomeError("failed", "No.", { statusCode, retryAfterMs });

interface Settings {
  readonly table?: RetryTable;
  readonly random?: number;
  readonly deadline?: number;
  readonly background?: boolean;
  readonly config?: RetrySettings;
}

/**
 * Runs attempts that fail with one failure after another, then with the last one, and records their
 * times.
 */
async function run(failures: readonly unknown[], settings: Settings = {}) {
  const clock = createFakeClock();
  const retry = createRetry(
    clock,
    () => settings.random ?? 0,
    () => settings.deadline ?? Number.POSITIVE_INFINITY,
    undefined,
    settings.config,
  );
  const at: number[] = [];
  const numbers: number[] = [];
  const attempt = async (n: number) => {
    at.push(clock.monotonic());
    numbers.push(n);
    const failure = failures[Math.min(n, failures.length) - 1];
    if (failure === undefined) return "done";
    throw failure;
  };
  const { signal } = new AbortController();
  const result = retry(settings.table ?? table, attempt, { signal, background: settings.background === true }).catch(
    (error: unknown) => error,
  );
  await clock.advance(600_000);
  return { at, numbers, result: await result, sleepers: clock.sleepers };
}

it("retry returns the first success at once", async () => {
  expect(await run([undefined])).toMatchObject({ at: [0], numbers: [1], result: "done" });
});

it("retry waits for the pauses of the table without jitter, and rejects with the last error", async () => {
  const { at, numbers, result } = await run([status(500), status(404)]);
  expect(at).toEqual([0, 1_000, 3_000, 7_000]);
  expect(numbers).toEqual([1, 2, 3, 4]);
  expect(result).toMatchObject({ statusCode: 404 });
});

it("retry stops at the first success", async () => {
  expect(await run([status(500), status(500), undefined])).toMatchObject({ at: [0, 1_000, 3_000], result: "done" });
});

it("jitter lengthens a pause by up to a fifth", async () => {
  expect((await run([status(500)], { random: 1 })).at).toEqual([0, 1_200, 3_600, 8_400]);
  expect((await run([status(500)], { random: 0.5 })).at[1]).toBe(1_100);
});

it("retry waits at least for Retry-After and for the pause of the table", async () => {
  expect((await run([status(500, 5_000), undefined])).at).toEqual([0, 5_000]);
  expect((await run([status(500, 10), undefined])).at).toEqual([0, 1_000]);
  expect((await run([status(500, 5_000), undefined], { random: 1 })).at).toEqual([0, 6_000]);
});

it("retry does not repeat other statuses and errors without one", async () => {
  for (const error of [status(400), status(0), new Error("x"), "text", null, outcomeError("rejected", "No.")]) {
    expect(await run([error])).toMatchObject({ at: [0], result: error });
  }
});

it("retry does not repeat an attempt that got no answer in time", async () => {
  const timeout = outcomeError("timeout", "No answer.");
  expect((await run([timeout, undefined])).at).toEqual([0]);
});

it("a minimum without end repeats attempts until the deadline", async () => {
  const unreachable = outcomeError("unreachable", "No answer.");
  const untilDeadline = { ...table, minimumTotalMs: { 0: Number.POSITIVE_INFINITY } };
  const { at, result } = await run([unreachable], { table: untilDeadline, deadline: 20_000 });
  expect(at).toEqual([0, 1_000, 3_000, 7_000, 11_000, 15_000, 19_000]);
  expect(result).toBe(unreachable);
});

it("the status of a response counts, whatever its outcome", async () => {
  const notFound = outcomeError("unreachable", "No.", { statusCode: 404 });
  expect((await run([notFound, undefined], { table: { ...table, statuses: [0] } })).at).toEqual([0]);
  expect((await run([notFound, undefined])).at).toEqual([0, 1_000]);
});

it("a host that does not answer counts as status 0", async () => {
  const unreachable = outcomeError("unreachable", "No answer.");
  expect((await run([unreachable, undefined])).at).toEqual([0, 1_000]);
  expect((await run([unreachable], { table: { ...table, statuses: [500] } })).at).toEqual([0]);
});

it("retry does not repeat what the runtime refuses for lack of a flag", async () => {
  const denied = outcomeError("unreachable", "It may not connect.", { code: "permission-denied" });
  expect((await run([denied])).at).toEqual([0]);
});

it("retry tries once in background requests", async () => {
  expect(await run([status(500)], { background: true })).toMatchObject({ at: [0], result: { statusCode: 500 } });
});

it("retry begins no pause that would end at the deadline or after it", async () => {
  expect((await run([status(500)], { deadline: 3_001 })).at).toEqual([0, 1_000, 3_000]);
  expect((await run([status(500)], { deadline: 3_000 })).at).toEqual([0, 1_000]);
  const hours = status(500, 7_200_000);
  expect(await run([hours], { deadline: 30_000 })).toMatchObject({ at: [0], result: hours, sleepers: 0 });
});

it("retry goes on for the minimum time of a status with the last pause of the table", async () => {
  const persistent: RetryTable = { ...table, minimumTotalMs: { 410: 15_000 } };
  expect((await run([status(410)], { table: persistent })).at).toEqual([0, 1_000, 3_000, 7_000, 11_000, 15_000]);
  expect((await run([status(500)], { table: persistent })).at).toEqual([0, 1_000, 3_000, 7_000]);
  expect((await run([status(410)], { table: { ...persistent, delaysMs: [] } })).at).toEqual([0]);
});

it.each<[string, RetrySettings, readonly number[]]>([
  ["no retries", { maxRetries: 0 }, [0]],
  ["fewer retries than the table", { maxRetries: 1 }, [0, 1_000]],
  ["more retries than the table, with its last pause", { maxRetries: 5 }, [0, 1_000, 3_000, 7_000, 11_000, 15_000]],
  ["a first pause, which doubles", { delayMs: 10 }, [0, 10, 30, 70]],
  ["a longest pause", { maxDelayMs: 1_500 }, [0, 1_000, 2_500, 4_000]],
  ["all of it", { maxRetries: 4, delayMs: 10, maxDelayMs: 25 }, [0, 10, 30, 55, 80]],
  ["no pause", { delayMs: 0 }, [0, 0, 0, 0]],
])("a config can say how a request is repeated: %s", async (_, config, times) => {
  expect((await run([status(500)], { config })).at).toEqual(times);
});

it("settings of retries exceed no deadline, repeat no other status, and are never earlier than Retry-After", async () => {
  expect((await run([status(500)], { config: { maxRetries: 99, delayMs: 1_000 }, deadline: 7_500 })).at).toEqual([
    0, 1_000, 3_000, 7_000,
  ]);
  expect((await run([status(400)], { config: { maxRetries: 5 } })).at).toEqual([0]);
  expect((await run([status(500)], { config: { maxRetries: 5 }, table: { ...table, delaysMs: [] } })).at).toEqual([0]);
  expect((await run([status(500, 5_000), undefined], { config: { delayMs: 1, maxDelayMs: 1 } })).at).toEqual([
    0, 5_000,
  ]);
});

it("the minimum time of a status goes on with the pause of the table, unless the number of retries is set", async () => {
  const persistent: RetryTable = { ...table, minimumTotalMs: { 410: 12_000 } };
  const of = async (config: RetrySettings) => (await run([status(410)], { table: persistent, config })).at;
  expect(await of({ delayMs: 1, maxDelayMs: 1 })).toEqual([0, 1, 2, 3, 4_003, 8_003, 12_003]);
  expect(await of({ maxRetries: 2 })).toEqual([0, 1_000, 3_000]);
});

it("an abort ends a pause with the reason of the signal", async () => {
  const clock = createFakeClock();
  const retry = createRetry(
    clock,
    () => 0,
    () => Number.POSITIVE_INFINITY,
  );
  const controller = new AbortController();
  const request = { signal: controller.signal, background: false };
  const result = retry(table, () => Promise.reject(status(500)), request);
  await clock.advance(1);
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
  expect(clock.sleepers).toBe(0);
});

it("retry reports each failure that another attempt follows", async () => {
  const clock = createFakeClock();
  const failures: unknown[] = [];
  const endless = () => Number.POSITIVE_INFINITY;
  const retry = createRetry(
    clock,
    () => 0,
    endless,
    (_, failure) => failures.push(failure),
  );
  const { signal } = new AbortController();
  const attempt = (n: number) => Promise.reject(status(n === 2 ? 400 : 500));
  const result = retry(table, attempt, { signal, background: false }).catch(() => "rejected");
  await clock.advance(5_000);
  expect(await result).toBe("rejected");
  expect(failures).toEqual([expect.objectContaining({ statusCode: 500 })]);
});

it("retry begins no pause when the signal ended during the attempt", async () => {
  const clock = createFakeClock();
  const retry = createRetry(
    clock,
    () => 0,
    () => Number.POSITIVE_INFINITY,
  );
  const error = status(500);
  const request = { signal: AbortSignal.abort(new Error("enough")), background: false };
  await expect(retry(table, () => Promise.reject(error), request)).rejects.toBe(error);
});

it("Entra's word that it is unavailable counts as status 503, whatever status came with it", async () => {
  const unavailable = outcomeError("failed", "No.", { code: "entra-unavailable", statusCode: 400 });
  const settings = { table: { statuses: [503], delaysMs: [1_000] } };
  expect((await run([unavailable, undefined], settings)).at).toEqual([0, 1_000]);
  expect((await run([status(400), undefined], settings)).at).toEqual([0]);
});

import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import type { AnySource } from "../contract/services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { type Deadline, withinDeadline } from "./within-deadline.ts";

function setUp(ms = 30_000) {
  const clock = createFakeClock();
  const outer = new AbortController();
  const deadlines: (readonly [AbortSignal, Deadline])[] = [];
  const setDeadline = (signal: AbortSignal, deadline: Deadline) => void deadlines.push([signal, deadline]);
  const source = { name: "slow" } as AnySource;
  const limited = { source, context: { clock }, deadlineMs: ms, services: { setDeadline } };
  const request = { options: {}, signal: outer.signal, background: false } as unknown as ResolvedRequest;
  const run = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    withinDeadline(limited, request, ({ signal }) => work(signal));
  return { clock, outer, deadlines, run };
}
const hang = () => new Promise<never>(() => undefined);

it("work within its deadline returns its result and leaves no timer", async () => {
  const { clock, outer, run } = setUp();
  expect(await run(async () => "token")).toBe("token");
  await expect(run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await clock.advance(0);
  expect(clock.sleepers).toBe(0);
  expect(getEventListeners(outer.signal, "abort")).toEqual([]);
});

it("work that ignores its signal times out at the deadline, with the name of the source", async () => {
  const { clock, run } = setUp();
  let given: AbortSignal | undefined;
  const late = run((signal) => {
    given = signal;
    return hang();
  });
  const settled = expect(late).rejects.toMatchObject({
    code: "timeout",
    outcome: "timeout",
    message: expect.stringMatching(/^slow had no answer within 30 s\. .*deadlineMs/),
  });
  await clock.advance(29_999);
  expect(given?.aborted).toBe(false);
  await clock.advance(1);
  await settled;
  expect(given?.reason).toMatchObject({ code: "timeout" });
});

it("work that was tried again times out with the failure before, and with its remedy", async () => {
  const { clock, deadlines, run } = setUp();
  const late = run(hang).catch((error: unknown) => error);
  const remedy = "Check the network.";
  const failure = outcomeError("unreachable", "slow: login.example did not answer within 10 s.", { remedy });
  Object.assign(deadlines[0]?.[1] ?? {}, { lastFailure: failure });
  await clock.advance(30_000);
  expect(await late).toMatchObject({
    code: "timeout",
    message:
      "slow had no answer within 30 s. The try before failed: slow: login.example did not answer within 10 s. Check the network.",
    cause: failure,
  });
});

it("the outer signal ends the work with its reason, even if the work ignores it", async () => {
  const { clock, outer, run } = setUp();
  const ended = run(hang);
  const reason = new Error("the last one has gone");
  outer.abort(reason);
  await expect(ended).rejects.toBe(reason);
  await clock.advance(0);
  expect(clock.sleepers).toBe(0);
});

it("work does not start when the outer signal has ended already", async () => {
  const { outer, run } = setUp();
  const reason = new Error("too late");
  outer.abort(reason);
  await expect(run(hang)).rejects.toBe(reason);
});

it("the deadline of the work is on the monotonic clock", async () => {
  const { clock, deadlines, run } = setUp(5_000);
  await clock.advance(100);
  let given: AbortSignal | undefined;
  await run(async (signal) => {
    given = signal;
  });
  expect(deadlines).toEqual([[given, { monoMs: 5_100 }]]);
});

it("work that fails after the deadline causes no unhandled rejection", async () => {
  const { clock, run } = setUp(10);
  const { promise, reject } = Promise.withResolvers<never>();
  const settled = expect(run(() => promise)).rejects.toMatchObject({ code: "timeout" });
  await clock.advance(10);
  await settled;
  reject(new Error("no listener")); // an unhandled rejection would fail the run
  await clock.advance(0);
});

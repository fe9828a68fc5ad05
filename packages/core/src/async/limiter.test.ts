import { getEventListeners } from "node:events";
import { setImmediate as settle } from "node:timers/promises";
import { expect, it } from "vitest";
import { createConcurrencyLimiter } from "./limiter.ts";

const never = new AbortController().signal;

function workers() {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const work = (name: string) => () => {
    started.push(name);
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    return end.promise;
  };
  return {
    started,
    work,
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

it("a limiter of one runs work in order and goes on after a failure", async () => {
  const { started, work, end, fail } = workers();
  const limiter = createConcurrencyLimiter(1);
  const all = ["a", "b", "c"].map((name) => limiter.run(never, work(name)));
  const failure = expect(all[0]).rejects.toThrow("a");
  await settle();
  expect(started).toEqual(["a"]);
  fail("a");
  await failure;
  await settle();
  expect(started).toEqual(["a", "b"]);
  end("b");
  expect(await all[1]).toBe("b");
  await settle();
  end("c");
  expect(await all[2]).toBe("c");
  expect(started).toEqual(["a", "b", "c"]);
});

it("a limiter of two runs two pieces of work at once", async () => {
  const { started, work, end } = workers();
  const limiter = createConcurrencyLimiter(2);
  const all = ["a", "b", "c"].map((name) => limiter.run(never, work(name)));
  await settle();
  expect(started).toEqual(["a", "b"]);
  for (const name of ["a", "b"]) end(name);
  await settle();
  end("c");
  expect(await Promise.all(all)).toEqual(["a", "b", "c"]);
});

it("a limiter never starts work whose signal ended in the queue, and removes its listeners", async () => {
  const { started, work, end } = workers();
  const limiter = createConcurrencyLimiter(1);
  const first = limiter.run(never, work("a"));
  const controller = new AbortController();
  const second = limiter.run(controller.signal, work("b"));
  const third = limiter.run(controller.signal, work("c"));
  const reason = new Error("gone");
  controller.abort(reason);
  await expect(second).rejects.toBe(reason);
  await expect(third).rejects.toBe(reason);
  const last = limiter.run(never, work("d"));
  end("a");
  await first;
  await settle();
  end("d");
  expect(await last).toBe("d");
  expect(started).toEqual(["a", "d"]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(limiter.run(AbortSignal.abort(reason), work("e"))).rejects.toBe(reason);
});

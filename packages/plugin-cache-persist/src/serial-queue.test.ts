import { expect, it } from "vitest";
import { createSerialQueue } from "./serial-queue.ts";

it("work of one name runs in order, and work of different names in parallel", async () => {
  const queue = createSerialQueue();
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const first = queue("a", () => gate.promise.then(() => done.push("first")));
  const second = queue("a", async () => done.push("second"));
  await queue("b", async () => done.push("other"));
  gate.resolve();
  await Promise.all([first, second]);
  expect(done).toEqual(["other", "first", "second"]);
});

it("work that fails does not stop the work after it", async () => {
  const queue = createSerialQueue();
  const failed = queue("a", () => Promise.reject(new Error("no")));
  const next = queue("a", async () => "yes");
  await expect(failed).rejects.toThrow();
  expect(await next).toBe("yes");
});

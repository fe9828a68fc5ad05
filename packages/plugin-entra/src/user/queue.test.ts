import { expect, it } from "vitest";
import { createQueue } from "./queue.ts";

const alive = new AbortController().signal;

it("lets one work after another, in the order in which they came", async () => {
  const queue = createQueue();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = [
    queue(alive, async () => {
      seen.push("first begins");
      await first.promise;
      seen.push("first ends");
    }),
    queue(alive, async () => void seen.push("second")),
    queue(alive, async () => void seen.push("third")),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(["first begins"]);
  first.resolve();
  await Promise.all(all);
  expect(seen).toEqual(["first begins", "first ends", "second", "third"]);
});

it("goes on after somebody failed, and after somebody left, who never worked", async () => {
  const queue = createQueue();
  const first = Promise.withResolvers<void>();
  const failing = queue(alive, () => first.promise);
  const controller = new AbortController();
  const leaving = queue(controller.signal, async () => expect.unreachable());
  const last = queue(alive, async () => "last");
  controller.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  first.reject(new Error("failed"));
  await expect(failing).rejects.toThrow("failed");
  expect(await last).toBe("last");
});

it("does not let the next begin before the one that works, because somebody between them left", async () => {
  const queue = createQueue();
  const first = Promise.withResolvers<void>();
  const working = queue(alive, () => first.promise);
  const between = queue(AbortSignal.abort(new Error("gone")), async () => expect.unreachable());
  await expect(between).rejects.toThrow("gone");
  let began = false;
  const next = queue(alive, async () => {
    began = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(began).toBe(false);
  first.resolve();
  await Promise.all([working, next]);
});

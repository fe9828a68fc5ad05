import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

it("runs work of one name in order, and of different names beside each other", async () => {
  const turns = createTurns();
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const first = turns("a", () => gate.promise.then(() => done.push("first")));
  const second = turns("a", async () => done.push("second"));
  await turns("b", async () => done.push("beside"));
  gate.resolve();
  await Promise.all([first, second]);
  expect(done).toEqual(["beside", "first", "second"]);
});

it("goes on after work that failed", async () => {
  const turns = createTurns();
  const failed = turns("a", () => Promise.reject(new Error("no")));
  const next = turns("a", async () => "yes");
  await expect(failed).rejects.toThrow();
  expect(await next).toBe("yes");
});

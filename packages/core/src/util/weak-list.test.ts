import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createWeakList } from "./weak-list.ts";

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

it("a weak list has the newest item first", () => {
  const [a, b, c] = [{}, {}, {}];
  const list = createWeakList<object>();
  for (const value of [a, b, c]) list.add(value);
  const listed = list.newestFirst();
  expect(listed[0]).toBe(c);
  expect(listed[1]).toBe(b);
  expect(listed[2]).toBe(a);
});

it("a weak list does not keep items alive", async () => {
  const held = {};
  const list = createWeakList<object>();
  list.add({});
  list.add(held);
  await new Promise(setImmediate); // what was touched in this turn of the event loop is held to its end
  collectGarbage();
  expect(list.newestFirst()).toEqual([held]);
});

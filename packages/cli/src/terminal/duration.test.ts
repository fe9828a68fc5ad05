import { expect, it } from "vitest";
import { durationText, timeLeft } from "./duration.ts";

it.each([
  [undefined, ""],
  [0.4, ""],
  [82.3, "82 ms"],
  [1_234, "1.2 s"],
])("%s ms are shown as %j", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it.each([
  [-1, "expired"],
  [90_000, "90 s"],
  [3_540_000, "59 min"],
  [86_400_000, "24 h"],
])("in %i ms is %s", (ms, text) => {
  expect(timeLeft(1_000 + ms, 1_000)).toBe(text);
});

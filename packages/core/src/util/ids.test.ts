import { expect, it, vi } from "vitest";
import { isGuid, randomUuid } from "./ids.ts";

it.each(["72f988bf-86f1-41af-91ab-2d7cd011db47", "72F988BF-86F1-41AF-91AB-2D7CD011DB47"])(
  "isGuid accepts %s",
  (text) => {
    expect(isGuid(text)).toBe(true);
  },
);

it.each([
  "contoso.onmicrosoft.com",
  "common",
  "",
  "72f988bf86f141af91ab2d7cd011db47",
  "{72f988bf-86f1-41af-91ab-2d7cd011db47}",
  "72f988bf-86f1-41af-91ab-2d7cd011db47\n",
  undefined,
])("isGuid refuses %j", (text) => {
  expect(isGuid(text)).toBe(false);
});

it("a random UUID has the version and the variant of RFC 9562", () => {
  for (let i = 0; i < 100; i++)
    expect(randomUuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

it.each([
  [0, "00000000-0000-4000-8000-000000000000"],
  [1 - Number.EPSILON, "ffffffff-ffff-4fff-bfff-ffffffffffff"],
])("a random UUID has its form at the extremes of the generator", (number, uuid) => {
  vi.spyOn(Math, "random").mockReturnValue(number);
  expect(randomUuid()).toBe(uuid);
});

it("random UUIDs differ", () => {
  expect(new Set(Array.from({ length: 1_000 }, randomUuid)).size).toBe(1_000);
});

import { expect, it } from "vitest";
import { damageText } from "./damage-text.ts";

const text = '{"access_token":"T","expires_on":"1"}';
const seeds = Array.from({ length: 1_000 }, (_, seed) => seed);

it("damageText returns the same text for the same seed, and many texts for many seeds", () => {
  const damaged = seeds.map((seed) => damageText(text, seed));
  expect(seeds.map((seed) => damageText(text, seed))).toEqual(damaged);
  expect(new Set(damaged).size).toBeGreaterThan(700);
  expect(damaged.filter((one) => one === text).length).toBeLessThan(20);
});

it("damageText leaves some JSON that can be read, and accepts an empty text", () => {
  const isJson = (one: string) => {
    try {
      return typeof JSON.parse(one) === "object";
    } catch {
      return false;
    }
  };
  const readable = seeds.filter((seed) => isJson(damageText(text, seed)));
  expect(readable.length).toBeGreaterThan(50);
  expect(seeds.every((seed) => typeof damageText("", seed) === "string")).toBe(true);
});

import { expect, it } from "vitest";
import { passesSelfTest } from "./storage-checks.ts";

function memory() {
  const values: string[] = [];
  return {
    values,
    write: async (value: string) => void values.push(value),
    read: async () => values[0],
    remove: async () => void values.pop(),
  };
}

it("storage that returns what was written passes the self test and is left empty", async () => {
  const target = memory();
  expect(await passesSelfTest(target)).toBe(true);
  expect(target.values).toEqual([]);
});

it.each([null, undefined, "another value"])("storage that returns %j fails the self test", async (found) => {
  expect(await passesSelfTest({ ...memory(), read: async () => found })).toBe(false);
});

it("an error of the storage rejects the self test", async () => {
  const write = () => Promise.reject(new Error("read-only"));
  await expect(passesSelfTest({ ...memory(), write })).rejects.toThrow("read-only");
});

import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { isError } from "./is-error.ts";

it.each([["Error"], ["TypeError"]])("isError accepts a %s of another realm", (name) => {
  const foreign: unknown = runInNewContext(`new ${name}("x")`);
  expect(foreign).not.toBeInstanceOf(Error);
  expect(isError(foreign)).toBe(true);
});

it.each([[{ name: "Error", message: "x" }], ["Error: x"], [undefined]])("isError refuses %j", (value) => {
  expect(isError(value)).toBe(false);
});

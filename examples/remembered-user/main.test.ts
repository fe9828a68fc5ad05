import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("the user is prompted once, and greeted by both processes", () => {
  expect(stdout.match(/enter the code/g)).toHaveLength(1);
  expect(stdout.match(/^Hello, ann@contoso\.example\.$/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^Prompts: 1$/m);
});

test("the example greets the user in both processes, and shows no token", () => {
  expect(output.match(/^Hello, /gm)).toHaveLength(2);
  expect(showsToken(output)).toBe(false);
});

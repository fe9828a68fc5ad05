import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the agent works for a day without a key, and shows no token", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
  expect(stdout.match(/^\d\d:[03]0 {2}There are \d+ orders\.$/gm)).toHaveLength(17);
  expect(showsToken(output)).toBe(false);
});

test("the model refuses no token, and an hour takes one request for each token", () => {
  expect(stdout).toContain("Requests with a token that the model refused: 0");
  expect(stdout).toContain("Token requests for https://ai.azure.com/.default: 9");
  expect(stdout).toContain("Token requests for api://orders/.default: 9");
});

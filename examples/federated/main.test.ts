import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("the application signs in twice with one token of the managed identity", () => {
  expect(stdout.match(/^A token for https:\S+ by federated, for the application [\da-f-]{36}$/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^Requests to the host: 1\nRequests to Entra ID: 2$/m);
});

test("the example prints the application of each token, and shows no token", () => {
  expect(output.match(/^A token for /gm)).toHaveLength(2);
  expect(showsToken(output)).toBe(false);
});

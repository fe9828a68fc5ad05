import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("every user is greeted by name, and one request for a token serves all calls of a user", () => {
  expect(stdout).toMatch(/^Calls: 1000, users greeted by name: 200$/m);
  expect(stdout).toMatch(/^Requests for a token: 200$/m);
});

test("what Entra wants of a user is handed back to the caller", () => {
  const claims = Buffer.from('{"access_token":{"acrs":{"value":"c1"}}}').toString("base64");
  expect(stdout).toContain(`wants more: 401 Bearer error="insufficient_claims", claims="${claims}"`);
});

test("The service refuses a stranger, and shows no token", () => {
  expect(stdout).toMatch(/^A stranger: 401 Bearer$/m);
  expect(showsToken(output)).toBe(false);
});

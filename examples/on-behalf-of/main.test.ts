import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("every user is greeted by name, with one token request per user", () => {
  expect(stdout).toMatch(/^Calls: 1000, users greeted by name: 200$/m);
  expect(stdout).toMatch(/^Requests for a token: 200$/m);
});

test("a requirement of Entra ID is returned to the caller as a claims challenge", () => {
  const claims = Buffer.from('{"access_token":{"acrs":{"value":"c1"}}}').toString("base64");
  expect(stdout).toContain(`has to do more: 401 Bearer error="insufficient_claims", claims="${claims}"`);
});

test("the API refuses an unknown caller, and shows no token", () => {
  expect(stdout).toMatch(/^An unknown caller: 401 Bearer$/m);
  expect(showsToken(output)).toBe(false);
});

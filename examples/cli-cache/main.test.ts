import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("az runs once per account, and no account gets the token of another", () => {
  expect(stdout).toMatch(
    /^10 runs as ann@\S+ \(azure-cli\); starts of az: 1\n10 runs as bernard@\S+ \(azure-cli\); starts of az: 1$/m,
  );
});

test("a service principal takes precedence over the signed-in user, and its token is stored", () => {
  expect(stdout).toMatch(/^3 runs as [\da-f-]{36} \(environment\); starts of az: 0\nRequests to Entra ID: 1$/m);
});

test("without the service principal the last account is used again, from the store", () => {
  expect(stdout).toMatch(/Without the service principal:\n3 runs as bernard@\S+ \(azure-cli\); starts of az: 0\n$/);
});

test("The example names the accounts that it used, and shows no token of the CLI or of Entra ID", () => {
  expect(output).toContain("10 runs as ann@");
  expect(output).toContain("(environment)");
  expect(showsToken(output)).toBe(false);
});

import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("a program with nothing but the relay's variables downloads the blob of the host", () => {
  expect(stdout).toMatch(/^download\.mjs has downloaded: Hello from the host!$/m);
  expect(stdout).toMatch(/^ {2}azid serve: container asked for https:\/\/storage\.azure\.com\/\.default: token$/m);
});

test("all programs share one token request, and no token or key is shown", () => {
  expect(stdout).toContain("Token requests to Entra ID: 2, one of the host itself and one of the relay.");
  expect(showsToken(output)).toBe(false);
});

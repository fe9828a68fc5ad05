import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** The example in a process of its own. */
const run = spawnSync(process.execPath, ["main.ts"], { cwd: import.meta.dirname, encoding: "utf8", timeout: 60_000 });
const output = run.stdout + run.stderr;

test("the example succeeds", () => {
  expect(run, output).toMatchObject({ status: 0, signal: null });
});

test("every user is greeted by name, and one request for a token serves all calls of a user", () => {
  expect(run.stdout).toMatch(/^Calls: 1000, users greeted by name: 200$/m);
  expect(run.stdout).toMatch(/^Requests for a token: 200$/m);
});

test("what Entra wants of a user is handed back to the caller", () => {
  const claims = Buffer.from('{"access_token":{"acrs":{"value":"c1"}}}').toString("base64");
  expect(run.stdout).toContain(`wants more: 401 Bearer error="insufficient_claims", claims="${claims}"`);
});

test("strangers are refused, and no token is shown", () => {
  expect(run.stdout).toMatch(/^A stranger: 401 Bearer$/m);
  expect(output).not.toContain("eyJhbGci");
});

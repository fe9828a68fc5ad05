import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** The example in a process of its own, on a machine on which somebody else is signed in. */
const run = spawnSync(process.execPath, ["main.ts"], {
  cwd: import.meta.dirname,
  encoding: "utf8",
  timeout: 60_000,
  env: { ...process.env, FORCE_COLOR: undefined, AZURE_TENANT_ID: "another-tenant", AZURE_CLIENT_ID: "somebody-else" },
});
const output = run.stdout + run.stderr;

test("the example succeeds", () => {
  expect(run, output).toMatchObject({ status: 0, signal: null });
});

test("the person is asked once, and greeted by both processes", () => {
  expect(run.stdout.match(/enter the code/g)).toHaveLength(1);
  expect(run.stdout.match(/^Hello, ann@contoso\.example\.$/gm)).toHaveLength(2);
  expect(run.stdout).toMatch(/^Asked the person: 1$/m);
});

test("no token is shown", () => {
  expect(output).not.toContain("eyJ");
});

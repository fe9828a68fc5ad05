import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** The example in a process of its own, on a machine that is somebody else already. */
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

test("az is started once for each account, and nobody's token is used by another", () => {
  expect(run.stdout).toMatch(
    /^10 runs as ann@\S+ \(azure-cli\); starts of az: 1\n10 runs as bernard@\S+ \(azure-cli\); starts of az: 1$/m,
  );
});

test("a service principal takes the place of whoever is signed in, and has its own token stored", () => {
  expect(run.stdout).toMatch(/^3 runs as [\da-f-]{36} \(environment\); starts of az: 0\nRequests to Entra ID: 1$/m);
});

test("without it the last account is used again, out of the store", () => {
  expect(run.stdout).toMatch(/And loses it:\n3 runs as bernard@\S+ \(azure-cli\); starts of az: 0\n$/);
});

test("no token is shown", () => {
  expect(output).not.toContain("e30.");
});

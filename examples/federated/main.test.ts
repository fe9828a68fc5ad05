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

test("the application signs in, each time by the same token of the managed identity", () => {
  expect(run.stdout.match(/^A token for https:\S+ by federated, for the application [\da-f-]{36}$/gm)).toHaveLength(2);
  expect(run.stdout).toMatch(/^Asked the host: 1\nAsked Entra ID: 2$/m);
});

test("no token is shown", () => {
  expect(output).not.toContain("eyJ");
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const file = fileURLToPath(new URL("contract-in-node-test.mjs", import.meta.url));

/** Titles of the tests that passed and failed under `node --test`, without those of suites. */
function run(variables: Readonly<Record<string, string>> = {}) {
  // the variable marks a file that a test runner of Node.js has started
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const nodeArgs = ["--test", "--test-reporter=tap", file];
  const { status, stdout } = spawnSync(process.execPath, nodeArgs, {
    encoding: "utf8",
    env: { ...env, ...variables },
    timeout: 60_000,
  });
  const titles = (start: string) =>
    stdout.split("\n").flatMap((line) => new RegExp(`^ {4,}${start} \\d+ - (.*)$`).exec(line)?.[1] ?? []);
  return { status, passed: titles("ok"), failed: titles("not ok") };
}

it("the contract tests run under node:test without another assertion library", () => {
  const { status, passed, failed } = run();
  expect([status, failed]).toEqual([0, []]);
  expect(passed).toContain("returns times in milliseconds since 1970");
  expect(passed).toContain("lists each key once, if it can list");
});

it("the contract tests fail under node:test for a source and a store with a defect", () => {
  const { status, failed } = run({ WITH_DEFECTS: "1" });
  expect(status).toBe(1);
  expect(failed).toEqual(
    expect.arrayContaining(["returns times in milliseconds since 1970", "replaces and deletes a value"]),
  );
});

import type { TestRunner } from "../src/test-kit/source-contract.ts";

/** Runs contract tests without a test runner, and returns the names of those that failed. */
export async function contractFailures(register: (runner: TestRunner) => void): Promise<string[]> {
  const tests: { readonly name: string; readonly test: () => Promise<void> | void }[] = [];
  register({ it: (name, test) => tests.push({ name, test }) });
  const failed: string[] = [];
  for (const { name, test } of tests) {
    try {
      await test();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

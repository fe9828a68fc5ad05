import { defineConfig } from "vitest/config";

/**
 * The suites that need programs of the operating system, listed in tools/debian-packages.txt, or a
 * tree of packages of their own.
 */
export default defineConfig({
  test: {
    include: [
      "packages/*/test-tools/**/*.test.ts",
      "examples/*/test-tools/**/*.test.ts",
      "tools/trees/*/*.tools.test.ts",
      "test/runtimes/*.tools.test.ts",
      "website/*.tools.test.ts",
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    passWithNoTests: true,
  },
});

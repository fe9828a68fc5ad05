import { defineConfig } from "vitest/config";

/** The suites that need programs of the operating system, listed in tools/debian-packages.txt. */
export default defineConfig({
  test: {
    include: ["packages/*/test-tools/**/*.test.ts", "examples/*/test-tools/**/*.test.ts"],
    restoreMocks: true,
    passWithNoTests: true,
  },
});

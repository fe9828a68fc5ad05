import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/{src,test}/**/*.test.ts",
      "examples/*/*.test.ts",
      "tools/**/*.test.ts",
      "website/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/*.tools.test.ts"],
    setupFiles: ["tools/test-setup.ts"],
    isolate: false, // tools/test-setup.ts says what takes its place
    maxWorkers: "100%", // of the processors; by default one of them is left for vitest, which hardly needs it
    testTimeout: 60_000, // a busy machine fails no test, and a test that hangs still ends
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    restoreMocks: true,
    unstubEnvs: true,
  },
});

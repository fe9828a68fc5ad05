import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** A program that is started by a literal name without a path. */
const bareName = /\b(?:spawn|execFile|exec|fork)(?:Sync)?\(\s*(["'`])(?!\/)[^"'`]*\1/g;
/** The emulator starts Linux's own services, for tests on Linux. */
const files = globSync("packages/*/src/**/*.{ts,cts,mts}").filter(
  (file) => !/^packages\/emulator\/|\.test\.ts$/.test(file),
);

it("no package starts a program by its bare name, which Windows looks for in the current directory first", () => {
  const found = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(bareName)].map(([call]) => `${file}: ${call}`),
  );
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(100);
  expect('spawn("taskkill", ["/T"])'.match(bareName)).not.toBeNull();
});

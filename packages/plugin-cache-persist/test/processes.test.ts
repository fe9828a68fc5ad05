import { expect, it } from "vitest";
import { manyKills, manyStarters, manyWriters } from "./stress/scenarios.ts";
import { tempFolder } from "./temp-folder.ts";

it("many writing processes lose no update and leave no temporary file", async () => {
  expect(await manyWriters(tempFolder(), 12, 10)).toMatchObject({ missing: 0, leftovers: 0 });
});

it("many programs that start at once cause one request for a token, or two", async () => {
  const { requests } = await manyStarters(tempFolder(), 12);
  expect(requests).toBeLessThanOrEqual(2);
});

it("killed writers leave no corrupt entry, and do not delay the next writer", async () => {
  const { corrupt, slowestMs } = await manyKills(tempFolder(), 12);
  expect(corrupt).toBe(0);
  expect(slowestMs).toBeLessThan(5_000); // less than the ten seconds of a wait for a running owner
});

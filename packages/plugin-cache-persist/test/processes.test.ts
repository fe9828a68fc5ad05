import { expect, it } from "vitest";
import { manyKills, manyStarters, manyWriters } from "./stress/scenarios.ts";
import { tempFolder } from "./temp-folder.ts";

it("loses nothing when many processes write, and leaves nothing behind", { timeout: 60_000 }, async () => {
  expect(await manyWriters(tempFolder(), 12, 10)).toMatchObject({ missing: 0, leftovers: 0 });
});

it("costs one request, or two, when many programs start at once", { timeout: 60_000 }, async () => {
  const { requests } = await manyStarters(tempFolder(), 12);
  expect(requests).toBeLessThanOrEqual(2);
});

it("never has a corrupt entry, and waits for nobody, when writers are killed", { timeout: 60_000 }, async () => {
  const { corrupt, slowestMs } = await manyKills(tempFolder(), 12);
  expect(corrupt).toBe(0);
  expect(slowestMs).toBeLessThan(5_000); // not the ten seconds that a living owner is given
});

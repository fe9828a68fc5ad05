import { expect, it } from "vitest";
import { manyKills } from "../test/stress/scenarios.ts";
import { tempFolder } from "../test/temp-folder.ts";

it("two hundred writers that are killed while writing leave no corrupt entry", async () => {
  expect((await manyKills(tempFolder(), 200)).corrupt).toBe(0);
});

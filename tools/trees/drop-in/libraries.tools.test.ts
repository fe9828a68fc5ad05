/**
 * Unmodified libraries get their tokens and use them, with `@azure/identity` and with the drop-in
 * in its place.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Library, libraries } from "./libraries.ts";
import { installTree, type Tree, type Variant } from "./tree.ts";
import { startWorld, type World } from "./world.ts";

vi.setConfig({ testTimeout: 600_000 });

let tree: Tree;
let world: World;
beforeAll(async () => {
  [tree, world] = await Promise.all([installTree(), startWorld()]);
}, 900_000);
afterAll(async () => {
  await Promise.all([tree?.[Symbol.asyncDispose](), world?.[Symbol.asyncDispose]()]);
});

/** Runs the program of a library and returns its count; the rest is the same with both variants. */
async function count({ program, situation, variables, ...library }: Library, variant: Variant): Promise<number> {
  await world.forget();
  const env = { ...world.env[situation], ...variables };
  const printed = await tree.run(variant, program, env, () => world.approveDevices());
  const counts = await world.counts();
  const { prints = [], used, counted } = library;
  if (library.prints !== undefined) expect(printed.trim().split("\n")).toEqual(prints);
  expect(counts.used).toBe(used);
  return counts[counted];
}

/** A whole sentence for each library. */
function titleOf({ package: name, does, counted, before, beforeIsMinimum, after }: Library): string {
  const least = beforeIsMinimum ? "at least " : "";
  const withDropIn = after === undefined ? "" : `, and ${after} with the drop-in`;
  return `${name} needs ${least}${before} ${counted} with @azure/identity${withDropIn} (${does})`;
}

it.each(libraries.map((library) => ({ title: titleOf(library), library })))("$title", async ({ library }) => {
  const { before, beforeIsMinimum, after } = library;
  const found = await count(library, "peer");
  if (beforeIsMinimum) expect(found).toBeGreaterThanOrEqual(before);
  else expect(found).toBe(before);
  if (after !== undefined) expect(await count(library, "drop-in")).toBe(after);
});

it("a config steers the credential that tedious makes, although tedious has no setting for it", async () => {
  await world.forget();
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, ...env } = world.env["service-principal"];
  const file = join(env.HOME ?? "", "azidentity.config.yaml");
  await writeFile(file, `authorityHost: ${env.AUTHORITY_HOST}\nchain: [environment]\n`);
  const variables = { AUTHENTICATION: "default", AT_ONCE: "3", IN_TURN: "1", AZIDENTITY_CONFIG: file };
  await tree.run("drop-in", "tedious", { ...env, ...variables }, () => undefined);
  expect(await world.counts()).toMatchObject({ requests: 1, used: 4 });
  await writeFile(file, "chain: [workload-identity]\n"); // which there is none of
  const failed = tree.run("drop-in", "tedious", { ...env, ...variables }, () => undefined);
  await expect(failed).rejects.toThrow("workload-identity");
});

import { expect, it } from "vitest";

it.each(["index", "in-code"])("a Worker gets the exports of %s, with another createIdentity", async (name) => {
  const usual: Record<string, unknown> = await import(`../src/${name}.ts`);
  const worker: Record<string, unknown> = await import(`../src/${name}-in-worker.ts`);
  const different = Object.keys({ ...usual, ...worker }).filter((one) => usual[one] !== worker[one]);
  expect(different).toEqual(["createIdentity"]);
});

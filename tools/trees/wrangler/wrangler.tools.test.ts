/** The Worker of the recipe, bundled by wrangler as for a deployment, runs in workerd. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BundledWorkerSettings, startBundledWorker } from "../../../test/runtimes/worker.ts";
import { installProject, type Project, type WranglerConfig } from "./project.ts";

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  [project, emulator] = await Promise.all([installProject(), startEmulator()]);
}, 600_000);
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
});

/** Starts what wrangler has written. */
function start(
  path: string,
  config: WranglerConfig,
  own: Pick<BundledWorkerSettings, "kv" | "onRequest"> & { readonly key?: string } = {},
) {
  const { AZURE_AUTHORITY_HOST: _, ...variables } = emulator.env("service-principal");
  const { key, ...settings } = own;
  const bindings = { ...variables, ...(key !== undefined && { AZIDENTITY_CACHE_KEY: key }) };
  const compatibility = {
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
  };
  return startBundledWorker({ folder: project.folder, path, emulator, bindings, compatibility, ...settings });
}

it("The Worker of the recipe reads a blob as wrangler bundles it, without a warning", async () => {
  const { path, printed } = await project.bundle("worker.ts");
  expect(printed).toContain("--dry-run: exiting now.");
  expect(printed).not.toMatch(/warn|error/i);
  await using worker = await start(path, project.config);
  expect([await worker.get(""), await worker.get("")]).toEqual(["Hello", "Hello"]);
});

it("The Worker of the recipe with KV finds the token of an earlier one there, encrypted, and none of another key", async () => {
  const { path, printed } = await project.bundle("worker-with-kv.ts");
  expect(printed).not.toMatch(/warn|error/i);
  const kv = { binding: "TOKENS", folder: await project.newFolder() };
  let asked = 0;
  const onRequest = async () => void asked++;
  const [key, otherKey] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString("base64"));
  const answers: string[] = [];
  for (const one of [key, key, otherKey]) {
    await using worker = await start(path, project.config, { kv, key: one, onRequest });
    answers.push(`${await worker.get("")} ${asked}`);
  }
  expect(answers).toEqual(["Hello 1", "Hello 1", "Hello 2"]);
  const files = (await readdir(kv.folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")));
  expect(texts.filter((text) => text.includes("AZC1"))).not.toEqual([]);
  expect(texts.filter((text) => /eyJ|storage\.azure/.test(text))).toEqual([]);
});

it("Without nodejs_compat wrangler warns of it, and the Worker does not start, and says what to set", async () => {
  const config = { ...project.config, compatibility_flags: [] };
  const { path, printed } = await project.bundle("worker.ts", config);
  expect(printed).toMatch(/"node:fs\/promises" wasn't found.*\n.*"nodejs_compat" compatibility flag/s);
  expect(printed).not.toContain("node:crypto");
  const worker = await start(path, config);
  // it has not started
  const answer = worker.get("").finally(() => worker[Symbol.asyncDispose]().then(undefined, () => undefined));
  await expect(answer).rejects.toThrow(/Set the compatibility flag \\*"nodejs_compat\\*"/);
});

/** The Worker of the recipe, bundled by wrangler as for a deployment, runs in workerd. */
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startBundledWorker } from "../../../test/runtimes/worker.ts";
import { installProject, type Project, type WranglerConfig } from "./project.ts";

vi.setConfig({ testTimeout: 120_000 });

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  [project, emulator] = await Promise.all([installProject(), startEmulator()]);
}, 600_000);
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
}, 60_000);

/** Starts what wrangler has written. */
function start(path: string, config: WranglerConfig) {
  const { AZURE_AUTHORITY_HOST: _, ...bindings } = emulator.env("service-principal");
  const compatibility = {
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
  };
  return startBundledWorker({ folder: project.folder, path, emulator, bindings, compatibility });
}

it("The Worker of the recipe reads a blob as wrangler bundles it, without a warning", async () => {
  const { path, printed } = await project.bundle("worker.ts");
  expect(printed).toContain("--dry-run: exiting now.");
  expect(printed).not.toMatch(/warn|error/i);
  await using worker = await start(path, project.config);
  expect([await worker.get(""), await worker.get("")]).toEqual(["Hello", "Hello"]);
});

it("Without nodejs_compat wrangler warns of it, and the Worker does not start, and says what to set", async () => {
  const config = { ...project.config, compatibility_flags: [] };
  const { path, printed } = await project.bundle("worker.ts", config);
  expect(printed).toMatch(/"node:fs\/promises" wasn't found.*\n.*"nodejs_compat" compatibility flag/s);
  expect(printed).not.toContain("node:crypto");
  const worker = await start(path, config);
  const answer = worker.get("").finally(() => worker[Symbol.asyncDispose]().then(undefined, () => undefined)); // it has not started
  await expect(answer).rejects.toThrow(/Set the compatibility flag \\*"nodejs_compat\\*"/);
});

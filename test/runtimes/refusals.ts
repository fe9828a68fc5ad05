/**
 * Tests of runtimes that lack something: they work without it, or fail with a code that says so.
 */
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "./project.ts";
import { type Runtime, runIn, runtimeOf } from "./runtimes.ts";
import { miniflareOf } from "./worker.ts";

const runtimes = (["Node.js 22", "Bun 1.4", "Deno 2.9"] as const).map(runtimeOf);
const tooOld =
  /^node-too-old: Use Node\.js 22\.3, Bun 1\.4, Deno 2\.9, or newer;.* bundle Workers with the condition workerd\.$/;

type EndingOf = (runtime: Runtime, kind: string, missing: string) => Promise<string>;

function testRuntimes(endingOf: EndingOf): void {
  it.each(runtimes)("$name without process.getBuiltinModule is refused by core and by the drop-in", async (runtime) => {
    for (const kind of ["a config in code", "an identity", "DefaultAzureCredential"])
      expect(await endingOf(runtime, kind, "process.getBuiltinModule"), kind).toMatch(tooOld);
  });

  it.each(runtimes)(
    "$name without node:dns has tokens of Entra, and of a relay whose address it has",
    async (runtime) => {
      for (const kind of ["a config in code", "a relay at an address"])
        expect(await endingOf(runtime, kind, "node:dns"), kind).toBe("a token");
      const remedy = "Write an address in place of the name, such as 127.0.0.1.";
      expect(await endingOf(runtime, "a relay with a name", "node:dns")).toBe(`lookup-unsupported: ${remedy}`);
    },
  );
}

interface WorkerSettings {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** Of the bundler. */
  readonly conditions: readonly string[];
}

/** What a Worker answers. */
async function answerOf({ folder }: Project, { conditions, ...settings }: WorkerSettings): Promise<string> {
  const path = join(folder, "refused-worker.bundle.mjs");
  const entryPoints = [join(folder, "suite/refused-worker.mjs")];
  const output = { outfile: path, bundle: true, platform: "node", format: "esm", logLevel: "error" } as const;
  await build({ entryPoints, conditions: [...conditions], ...output });
  const { Miniflare } = miniflareOf(folder);
  const modules = [{ type: "ESModule", path }];
  const miniflare = new Miniflare({ modules, modulesRoot: folder, ...settings });
  try {
    return await (await miniflare.dispatchFetch("http://localhost/")).text();
  } finally {
    await miniflare.dispose();
  }
}

function testWorkers(project: () => Project): void {
  const flag = "nodejs_compat";
  const asWorkers = ["workerd", "worker"];
  it.each([
    { how: "without the flag nodejs_compat", compatibilityDate: "2026-07-01", compatibilityFlags: [] },
    { how: "with a compatibility date of August 2025", compatibilityDate: "2025-08-01", compatibilityFlags: [flag] },
  ])("A Worker $how gets an error that says what to set, and also in a bundle for Node.js", async (settings) => {
    const answer = await answerOf(project(), { ...settings, conditions: asWorkers });
    expect(answer).toMatch(/^node-too-old: .*nodejs_compat.*2025-09-15/);
    expect(await answerOf(project(), { ...settings, conditions: [] })).toMatch(tooOld);
  });

  it("A Worker with the flag and the oldest date of that error makes an identity, but not in a bundle for Node.js", async () => {
    const settings = { compatibilityDate: "2025-09-15", compatibilityFlags: [flag] };
    expect(await answerOf(project(), { ...settings, conditions: asWorkers })).toBe("an identity");
    expect(await answerOf(project(), { ...settings, conditions: [] })).toMatch(tooOld);
  });
}

/** Registers the tests; the project is installed when they run. */
export function testRefusals(project: () => Project): void {
  describe("Runtimes that lack something", () => {
    let emulator: Emulator;
    beforeAll(async () => {
      emulator = await startEmulator({ hosts: { relay: {} } });
    });
    afterAll(() => emulator?.close());

    testRuntimes(async (runtime, kind, missing) => {
      const given = { servicePrincipal: emulator.env("service-principal"), relay: emulator.env("relay") };
      const args = ["suite/refusals.mjs", kind, missing, JSON.stringify(given)];
      const env = { NODE_EXTRA_CA_CERTS: emulator.caCertificateFile };
      const { stdout, stderr } = await runIn(runtime, args, { folder: project().folder, env });
      expect(stderr).toBe("");
      return stdout.trim();
    });

    it("azid in a Node.js without process.getBuiltinModule says which one it needs", async () => {
      const command = ["node-22/bin/node", "--import", "./suite/without-builtin-modules.mjs"] as const;
      const azid = [
        "node_modules/@azidentity/cli/dist/main.js",
        "token",
        "--scope",
        "https://storage.azure.com/.default",
      ];
      const ended = await runIn({ name: "an old Node.js", command }, azid, { folder: project().folder });
      const stderr = expect.stringMatching(
        /^error: azid does not run on Node\.js v22.*\n {2}Use Node\.js 22\.3 or newer\.\n$/,
      );
      expect(ended).toMatchObject({ code: 1, stdout: "", stderr });
    });

    testWorkers(project);
  });
}

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fillPage } from "../../tools/fill-page.ts";
import { areaTable, caseTable, type Finding } from "./matrix.ts";
import { installProject, type Project } from "./project.ts";
import { runIn, runtimes } from "./runtimes.ts";
import { startWorld } from "./world.ts";

vi.setConfig({ testTimeout: 120_000 });

let project: Project;
beforeAll(async () => {
  project = await installProject();
}, 600_000);
afterAll(() => project?.[Symbol.asyncDispose]());

const findings = new Map<string, readonly Finding[]>();

it.each(runtimes)("Every case of the suite works in $name", async (runtime) => {
  const { name } = runtime;
  const folder = join(project.folder, name.replaceAll(" ", "-"));
  await mkdir(folder);
  await using world = await startWorld(folder);
  const env = { NODE_EXTRA_CA_CERTS: world.emulator.caCertificateFile };
  const { stdout, stderr } = await runIn(runtime, ["suite/main.mjs", world.file], { folder: project.folder, env });
  expect(stderr).toBe("");
  const found = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Finding);
  findings.set(name, found);
  expect(found.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  const [first = []] = findings.values();
  expect(found.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
});

it("The tables in the README and in docs/runtimes.md are what the suite has found; WRITE_PAGES=1 writes them", async () => {
  const pages = {
    "README.md": new Map([["runtimes", areaTable(findings)]]),
    "docs/runtimes.md": new Map([["cases", caseTable(findings)]]),
  };
  for (const [page, parts] of Object.entries(pages)) {
    const file = join(import.meta.dirname, "../..", page);
    const text = await readFile(file, "utf8");
    const filled = fillPage(page, text, parts);
    if (process.env.WRITE_PAGES === "1") await writeFile(file, filled);
    else expect(text).toBe(filled);
  }
});

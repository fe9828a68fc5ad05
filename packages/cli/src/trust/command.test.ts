import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { run } from "../run.ts";

let root: string;
let config: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "azid-trust-"));
  config = join(root, "azidentity.config.mjs");
  writeFileSync(config, "export default {};");
});
afterEach(() => rmSync(root, { recursive: true }));

async function azid(...words: readonly string[]) {
  return azidWith({}, ...words);
}

async function azidWith(settings: Parameters<typeof createTestHost>[0], ...words: readonly string[]) {
  const place = { workingDirectory: root, home: join(root, "home"), platform: "linux" } as const;
  const host = createTestHost({ ...place, now: () => 0, ...settings });
  const code = await run(words, host);
  return { code, stdout: host.printed(), stderr: host.reported() };
}

it("azid trust shows what would run, and asks at a terminal alone", async () => {
  const { code, stdout, stderr } = await azid("trust");
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("the config itself, which is a program");
  expect(stderr).toContain("azid trust --yes");
});

it("a config is trusted until it changes or trust is taken back", async () => {
  expect((await azid("trust", "--yes")).code).toBe(0);
  expect((await azid("trust", "--list")).stdout).toBe(`1970-01-01T00:00:00.000Z  ${config}\n`);
  expect((await azid("trust")).stderr).toContain("is trusted as it is");
  writeFileSync(config, "export default { tenantId: null };");
  expect((await azid("trust")).code).toBe(2);
  expect((await azid("trust", "--yes")).code).toBe(0);
  expect((await azid("trust", "--forget")).stderr).toContain("is no longer trusted");
  expect((await azid("trust", "--forget")).stderr).toContain("was not trusted");
  expect((await azid("trust", "--list")).stdout).toBe("");
});

it("a config without code needs no trust", async () => {
  const data = join(root, "data.json");
  writeFileSync(data, "{}");
  expect(await azid("trust", "--config", data)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("needs no trust"),
  });
});

it("where there is no config, or a broken one, azid trust says what to do", async () => {
  rmSync(config);
  expect(await azid("trust")).toMatchObject({ code: 2, stderr: expect.stringContaining("azid trust --config FILE") });
  writeFileSync(join(root, "azidentity.config.json"), "{");
  const broken = await azid("trust");
  expect(broken.code).toBe(5);
  expect(broken.stderr).toContain("azidentity.config.json:1:2");
});

it("control characters in the name of a file do not reach the terminal", async () => {
  const odd = join(root, "odd\u001b[2J.mjs");
  writeFileSync(odd, "export default {};");
  expect((await azid("trust", "--config", odd)).stderr).toContain("odd?[2J.mjs");
});

it("at a terminal azid trust asks, and takes yes, no and Ctrl-C", async () => {
  const at = (key: string) => azidWith({ columns: 60, keys: [key] }, "trust");
  const refused = await at("n");
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain("Trust these files as they are now?");
  expect(await at("\u0003")).toMatchObject({ code: 130, stdout: "" });
  expect((await azid("trust", "--list")).stdout).toBe("");
  expect((await at("y")).code).toBe(0);
  expect((await azid("trust", "--list")).stdout).toContain(config);
});

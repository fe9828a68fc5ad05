import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import type { Ask } from "../prompts/ask.ts";
import { run } from "../run.ts";
import { findPackageManager, missingPackages } from "./package-manager.ts";
import { askForChoices } from "./read-choices.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "azid-init-"));
});
afterEach(() => {
  chmodSync(root, 0o755);
  rmSync(root, { recursive: true });
});

async function azid(words: readonly string[], environment = {}) {
  const host = createTestHost({ workingDirectory: root, home: join(root, "home"), environment });
  const code = await run(["init", ...words], host);
  return { code, stdout: host.printed(), stderr: host.reported() };
}
const textOf = (name: string) => readFileSync(join(root, name), "utf8");

it("with --yes a config is written without a question, and nothing is installed", async () => {
  const { code, stdout, stderr } = await azid(["--yes", "--format", "json", "--tenant", "contoso.com"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(root, "azidentity.config.json")}\n` });
  expect(JSON.parse(textOf("azidentity.config.json"))).toMatchObject({ tenantId: "contoso.com" });
  expect(stderr).toContain("Run: npm install @azidentity/core");
  expect(stderr).toContain("Next: azid doctor");
  expect(existsSync(join(root, "node_modules"))).toBe(false);
});

it("without a terminal and without --yes, it says which options to add", async () => {
  const { code, stderr } = await azid([]);
  expect(code).toBe(2);
  expect(stderr).toContain("Add --yes");
  expect(existsSync(join(root, "azidentity.config.mts"))).toBe(false);
});

it.each([["azidentity.config.mts"], [".azidentityrc.yaml"], ["package.json"]])(
  "a config that is there already (%s) is never replaced unasked",
  async (name) => {
    const text = '{ "azidentity": {} }';
    writeFileSync(join(root, name), text);
    const { code, stderr } = await azid(["--yes"]);
    expect(code).toBe(2);
    expect(stderr).toContain("add --force");
    expect(textOf(name)).toBe(text);
    expect((await azid(["--yes", "--force"])).code).toBe(0);
    expect(textOf("azidentity.config.mts")).toContain("defineConfig");
  },
);

it.skipIf(process.platform === "win32")("--force replaces a symbolic link, and not the file behind it", async () => {
  writeFileSync(join(root, "other"), "kept");
  symlinkSync("other", join(root, "azidentity.config.mts"));
  expect((await azid(["--yes"])).code).toBe(2);
  expect((await azid(["--yes", "--force"])).code).toBe(0);
  expect(textOf("other")).toBe("kept");
  expect(textOf("azidentity.config.mts")).toContain("defineConfig");
  expect(readdirSync(root).toSorted()).toEqual(["azidentity.config.mts", "other"]);
});

it("a folder that is read-only, or not there, is an error that says what to do", async () => {
  const missing = await azid(["--yes", "no-such-folder"]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOENT") });
  if (process.getuid?.() === 0) return; // root may write anywhere
  chmodSync(root, 0o555);
  expect(await azid(["--yes"])).toMatchObject({ code: 1, stderr: expect.stringContaining("Make the folder writable") });
});

it.each([
  [["--tenant", "two words"], "is not a tenant"],
  [["--plugin", "entr"], "--plugin"],
  [["--store", "disk"], "--store"],
])("a wrong value is refused: %j", async (words, message) => {
  const { code, stderr } = await azid(["--yes", ...words]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it.skipIf(process.platform === "win32")(
  "--install runs the package manager of the project, and says when it fails",
  async () => {
    const bin = join(root, "bin");
    mkdirSync(bin);
    const tool = (exit: number) =>
      writeFileSync(join(bin, "pnpm"), `#!/bin/sh\necho "$@" > ${join(root, "asked")}\nexit ${exit}\n`, {
        mode: 0o755,
      });
    writeFileSync(join(root, "pnpm-lock.yaml"), "");
    tool(0);
    const words = ["--yes", "--install", "--plugin", "entra"];
    expect((await azid(words, { PATH: bin })).code).toBe(0);
    expect(textOf("asked")).toBe("add @azidentity/core @azidentity/plugin-entra\n");
    tool(3);
    const failed = await azid([...words, "--force"], { PATH: bin });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("exit code 3") });
    expect(failed.stderr).toContain("Run: pnpm add @azidentity/core @azidentity/plugin-entra");
  },
);

it("the questions leave out what options have answered, and a store brings its plugin", async () => {
  const asked: string[] = [];
  const ask = {
    confirm: async () => true,
    select: async (question: string) => {
      asked.push(question);
      return question.includes("outlive") ? "file" : "json";
    },
    multiselect: async (question: string) => {
      asked.push(question);
      return ["entra"];
    },
    text: async (question: string) => {
      asked.push(question);
      return " contoso.com ";
    },
  } as unknown as Ask;
  expect(await askForChoices(ask, {})).toEqual({
    format: "json",
    plugins: ["entra", "cache-persist"],
    tenantId: "contoso.com",
    cloud: "public",
    store: "file",
  });
  expect(asked).toHaveLength(4);
  asked.length = 0;
  const options = { plugin: ["users"], tenant: "contoso.com", store: "none", format: "mts" };
  expect(await askForChoices(ask, options)).toMatchObject({ plugins: ["users"], store: "none", format: "mts" });
  expect(asked).toEqual([]);
});

it.each([
  [{ "pnpm-lock.yaml": "" }, "pnpm"],
  [{ "yarn.lock": "" }, "yarn"],
  [{ "bun.lock": "" }, "bun"],
  [{ "package-lock.json": "{}" }, "npm"],
  [{ "yarn.lock": "", "package.json": '{ "packageManager": "pnpm@12.1.0" }' }, "pnpm"],
])("%j means %s", (files, name) => {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  mkdirSync(join(root, "packages/app"), { recursive: true });
  expect(findPackageManager(root).name).toBe(name);
  if (!("package.json" in files)) expect(findPackageManager(join(root, "packages/app")).name).toBe(name);
});

it("packages count as there when a node_modules at or above has them", () => {
  mkdirSync(join(root, "node_modules/@azidentity/core"), { recursive: true });
  writeFileSync(join(root, "node_modules/@azidentity/core/package.json"), "{}");
  mkdirSync(join(root, "app"));
  expect(missingPackages(["@azidentity/core", "redis"], join(root, "app"))).toEqual(["redis"]);
});

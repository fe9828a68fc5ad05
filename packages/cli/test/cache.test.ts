/** `azid cache` as a program of its own, over the file store. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runAzid } from "./run-azid.ts";

const scope = "https://storage.azure.com/.default";
let emulator: Emulator;
let home: string;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "azid-cache-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const config = (cache: object | undefined) =>
  writeFileSync(join(home, "azidentity.config.json"), JSON.stringify({ chain: ["environment"], cache }));
const azid = (...words: readonly string[]) => {
  const env = { HOME: home, AZIDENTITY_CACHE_KEY: "ab".repeat(32), ...emulator.env("service-principal") };
  return runAzid(words, { env, cwd: home });
};
const tokenRequests = () => emulator.requests.to("/token").length;

it("a token comes from the store of the config, and is listed without secrets", async () => {
  config({ store: "file" });
  const first = await azid("token", "-s", scope);
  const before = tokenRequests();
  expect(await azid("token", "-s", scope)).toEqual(first);
  expect(tokenRequests()).toBe(before);

  const listed = await azid("cache", "list", "--json");
  expect(JSON.parse(listed.stdout)).toEqual([
    expect.objectContaining({ kind: "token", source: "environment", scopes: [scope], expiresOn: expect.any(String) }),
  ]);
  expect(listed.stdout).not.toContain(first.stdout.trim().slice(0, 40));
  expect((await azid("cache", "list")).stdout).toContain("environment");
});

it("the tokens of one source or of all are cleared, and requested again", async () => {
  config({ store: "file" });
  await azid("token", "-s", scope);
  const before = tokenRequests();
  expect((await azid("cache", "clear", "--only", "azure-cli")).stderr).toBe("Deleted 0 tokens.\n");
  expect((await azid("cache", "clear")).stderr).toBe("Deleted 1 token.\n");
  expect(await azid("cache", "list")).toMatchObject({ code: 0, stdout: "", stderr: "The token store is empty.\n" });
  expect((await azid("token", "-s", scope)).code).toBe(0);
  expect(tokenRequests()).toBe(before + 1);
});

it("azid cache where shows the folder, what has the key, and that the store works", async () => {
  config({ store: "file" });
  const { code, stdout } = await azid("cache", "where", "--json");
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ store: "file", key: expect.stringContaining("AZIDENTITY_CACHE_KEY") });
  expect(found.entries.startsWith(home)).toBe(true);
  expect(stdout).not.toContain("abab");
});

it("a store that does not work is an error with a remedy", async () => {
  const blocked = join(home, "blocked");
  writeFileSync(blocked, "a file where the folder would be");
  config({ store: "file" });
  const withBlocked = (...words: readonly string[]) => {
    const own = { AZIDENTITY_CACHE_KEY: "ab".repeat(32), XDG_DATA_HOME: blocked };
    return runAzid(words, { env: { HOME: home, ...own, ...emulator.env("service-principal") }, cwd: home });
  };
  const { code, stdout, stderr } = await withBlocked("cache", "list");
  expect(code).not.toBe(0);
  expect(stdout).toBe("");
  expect(stderr).toContain("cache.directory");
  expect((await withBlocked("token", "-s", scope)).code).toBe(0); // tokens live in memory then
});

it("without a token store in the config, azid cache says how to have one", async () => {
  config(undefined);
  for (const command of ["list", "clear", "where"]) {
    const { code, stdout, stderr } = await azid("cache", command);
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain('"cache": { "store": "file" }');
  }
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAnswer } from "@azidentity/plugin-external/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runExample, showsToken } from "../../support/run-example.ts";

const here = join(import.meta.dirname, "..");
let folder: string;
let program: string;
let run: (...args: string[]) => { status: number | null; stderr: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "azidentity-go-"));
  program = join(folder, "workload");
  const env = { ...process.env, GOCACHE: join(folder, "cache"), GOPROXY: "off", GOTOOLCHAIN: "local" };
  run = (...args) => spawnSync("go", args, { cwd: here, env, encoding: "utf8" });
  expect(run("build", "-o", program, "workload.go")).toMatchObject({ status: 0, stderr: "" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the program in Go gives a token, and reports what is wrong with a resource that does not exist", () => {
  const { status, stdout, output } = runExample(here, { WORKLOAD_PROGRAM: program });
  expect(status, output).toBe(0);
  expect(stdout).toMatch(/^go: a token for 60 minutes$/m);
  expect(stdout).toMatch(/^go: rejected\. exec: \S+workload reported rejected: "AADSTS500011: /m);
  expect(showsToken(output)).toBe(false);
});

test("the program in Go has no findings of go vet", () => {
  expect(run("vet", "workload.go")).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  ["no", "invalid-request"],
  ['{"version":2,"scopes":["a"]}', "unsupported-version"],
  ['{"version":1,"scopes":["a"]}', "not-configured"],
])("the program in Go refuses %j", (input, code) => {
  const ended = spawnSync(program, { input, env: {}, encoding: "utf8" });
  expect(ended.status).toBe(1);
  expect(readAnswer(ended.stdout)).toMatchObject({ failure: { code } });
});

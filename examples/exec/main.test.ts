import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { readAnswer } from "@azidentity/plugin-external/contract";
import { describe, expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test.each(["shell", "python"])("the program of the chain %s gives a token for about an hour", (chain) => {
  expect(stdout).toMatch(new RegExp(`^${chain}: a token for (?:50|60) minutes$`, "m"));
});

test("each program reports what is wrong with a resource that does not exist", () => {
  expect(stdout).toMatch(/^shell: rejected\. exec: \S+token_file\.sh reported scope-not-allowed: /m);
  expect(stdout).toMatch(/^python: rejected\. exec: \S+client_secret\.py reported rejected: "AADSTS500011: /m);
});

test("the program in Go is left out until it is built", () => {
  expect(stdout).toMatch(/^go: skipped\. Run: go build workload\.go/m);
});

test("the example shows no token and no secret", () => {
  expect(showsToken(output)).toBe(false);
});

/** Runs a program alone, with this input and environment. */
function run(program: string, args: readonly string[], input: string, env: Readonly<Record<string, string>> = {}) {
  const own = { PATH: process.env.PATH ?? "", ...env };
  const ended = spawnSync(join(import.meta.dirname, program), args, { input, env: own, encoding: "utf8" });
  return { status: ended.status, answer: readAnswer(ended.stdout), stderr: ended.stderr };
}

describe("alone", () => {
  const request = '{"version":1,"scopes":["https://vault.azure.net/.default"]}\n';
  const scope = "https://vault.azure.net/.default";
  const asked = { AZIDENTITY_EXEC_VERSION: "1", AZIDENTITY_EXEC_SCOPES: scope };

  test.each([
    ["token_file.sh", [], { ...asked, AZIDENTITY_EXEC_VERSION: "2" }, request, "unsupported-version"],
    ["token_file.sh", ["/none", scope], { ...asked, AZIDENTITY_EXEC_SCOPES: "a" }, request, "scope-not-allowed"],
    ["token_file.sh", ["/none", scope], { ...asked, AZIDENTITY_EXEC_CLAIMS: "{}" }, request, "interaction-required"],
    ["token_file.sh", ["/none", scope], asked, request, "not-signed-in"],
    ["client_secret.py", [], {}, '{"version":2,"scopes":["a"]}', "unsupported-version"],
    ["client_secret.py", [], {}, request, "not-configured"],
    [
      "client_secret.py",
      [],
      {
        CONTOSO_TENANT_ID: "t",
        CONTOSO_CLIENT_ID: "c",
        CONTOSO_CLIENT_SECRET: "s",
        CONTOSO_AUTHORITY_HOST: "https://127.0.0.1:9",
      },
      request,
      "unreachable",
    ],
  ] as const)("%s %j reports with %j what is wrong", (program, args, env, input, code) => {
    const ended = run(program, args, input, env);
    expect(ended).toMatchObject({ status: 1, answer: { failure: { code, message: expect.stringMatching(/./) } } });
    expect(ended.stderr).toBe("");
  });
});

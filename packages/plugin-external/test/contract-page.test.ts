/** docs/exec.md says what the code does. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type FailureCode, failure, httpStatusOf, readAnswer, readRequest } from "../src/contract.ts";
import { programEnvironment } from "../src/exec/environment.ts";

const page = readFileSync(new URL("../../../docs/exec.md", import.meta.url), "utf8");

describe("the table of codes", () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| `([a-z-]+)` +\| .* \| (\d{3}) +\|$/gm)];

  it.each(rows.map(([, code, outcome, status]) => [code, outcome, Number(status)] as const))(
    "%s ends as %s, with status %d",
    (code, outcome, status) => {
      const known = failure(code as FailureCode, "m");
      expect(known.outcome).toBe(outcome);
      expect(httpStatusOf(known)).toBe(status);
    },
  );

  it("the table has every code", () => {
    expect(rows).toHaveLength(16);
  });
});

it("the documents that the page shows are documents of the contract", () => {
  const documents = [...page.matchAll(/\{"version":.*\}(?=\n|')|\{\n {2}"version":[\s\S]*?\n\}/g)].map(([text]) =>
    text.replace("…", ""),
  );
  expect(documents.length).toBeGreaterThanOrEqual(5);
  for (const document of documents) {
    const read = document.includes('"scopes"') ? readRequest(document) : readAnswer(document);
    expect(read, document).not.toHaveProperty("problem");
    expect(read, document).not.toHaveProperty("code");
  }
});

const noOptions = { scopes: ["s"], claims: undefined, correlationId: "c" } as const;

it("the variables that the page lists are passed on, and no others", () => {
  const [, list = ""] = /^Passed on when set: ([\s\S]*?)\n\n/m.exec(page) ?? [];
  const [posix = "", windows = ""] = list.split("on Windows also");
  const names = (text: string) => [...text.matchAll(/`([\w*]+)`/g)].map(([, name = ""]) => name.replace("*", "X"));
  const passed = (listed: readonly string[], platform: NodeJS.Platform) => {
    const env = Object.fromEntries([...listed, "AZURE_CLIENT_SECRET", "PATHS"].map((name) => [name, "1"]));
    return Object.keys(programEnvironment(env, [], noOptions, undefined, platform));
  };
  const all = [...names(posix), ...names(windows)].map((name) =>
    name === "ProgramFilesX" ? "ProgramFiles(x86)" : name,
  );
  expect(names(posix).length).toBeGreaterThan(20);
  expect(passed(names(posix), "linux")).toEqual(expect.arrayContaining(names(posix)));
  expect(passed(all, "win32")).toEqual(expect.arrayContaining(all));
  for (const platform of ["linux", "win32"] as const) {
    expect(passed(all, platform)).not.toContain("AZURE_CLIENT_SECRET");
    expect(passed(all, platform)).not.toContain("PATHS");
  }
});

it("a variable that the options name is passed on, on Windows in any letter case, and no value of it replaces one of the contract", () => {
  const env = { TEAM_KEY: "k", AZIDENTITY_EXEC_DEPTH: "0", AZIDENTITY_EXEC_SCOPES: "other" };
  const request = { ...noOptions, scopes: ["a", "b"] } as const;
  const named = ["team_key", "AZIDENTITY_EXEC_DEPTH", "AZIDENTITY_EXEC_SCOPES"];
  const on = (platform: NodeJS.Platform) => programEnvironment(env, named, request, undefined, platform);
  expect(on("win32")).toMatchObject({ TEAM_KEY: "k", AZIDENTITY_EXEC_DEPTH: "1", AZIDENTITY_EXEC_SCOPES: "a b" });
  expect(on("linux")).not.toHaveProperty("TEAM_KEY");
});

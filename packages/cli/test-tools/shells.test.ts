/** The completion of azid in zsh and fish themselves. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runAzid } from "../test/run-azid.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "azid-shells-"));
  for (const shell of ["zsh", "fish"])
    writeFileSync(join(folder, shell), (await runAzid(["completion", shell], { env: { HOME: folder } })).stdout);
  writeFileSync(join(folder, "my.config.json"), "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

const output = (program: string, ...args: readonly string[]) =>
  execFileSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, TERM: "dumb" },
  })
    .split("\n")
    .filter((line) => line !== "");

const cases = [
  { line: "azid to", offers: "token" },
  { line: "azid cache ", offers: "where" },
  { line: "azid token --as exec", offers: "exec-credential" },
  { line: "azid token --source azure-c", offers: "azure-cli" },
  { line: "azid token --sc", offers: "--scope" },
  { line: "azid completion ", offers: "fish" },
];

it.each(cases)("fish offers $offers after: $line", ({ line, offers }) => {
  const offered = output("fish", "-c", `source ./fish; complete -C '${line}'`);
  expect(offered.map((each) => each.split("\t")[0])).toContain(offers);
});

it("fish offers commands at their place alone, and files for a flag that takes one", () => {
  const after = (line: string) => output("fish", "-c", `source ./fish; complete -C '${line}'`);
  expect(after("azid token --scope ")).toEqual([]);
  expect(after("azid cache ").some((each) => each.startsWith("token"))).toBe(false);
  expect(after("azid token --config my").map((each) => each.split("\t")[0])).toContain("my.config.json");
});

/**
 * Functions of zsh's completion that print what they are given; the line editor would need a
 * terminal.
 */
const printing = `
compdef() { }
compadd() { shift; print -l -- "$@" }
_describe() { local name=\${@[-1]}; print -l -- "\${(@P)name}" }
_files() { print files "$@" }
`;

it.each(cases)("zsh offers $offers after: $line", ({ line, offers }) => {
  const words = line.split(" ");
  const program = `${printing}source ./zsh; words=("$@"); CURRENT=$#; _azid`;
  const offered = output("zsh", "-f", "-c", program, "zsh", ...words);
  expect(offered.map((each) => each.split(":")[0])).toContain(offers);
});

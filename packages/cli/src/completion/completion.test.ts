import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { sourceNames } from "../command-line/common-options.ts";
import { commands, groups } from "../commands.ts";
import { loadOfficialPlugins } from "../project/official-plugins.ts";
import { run } from "../run.ts";
import { placesOf } from "./model.ts";

async function scriptOf(shell: string): Promise<string> {
  const host = createTestHost();
  expect(await run(["completion", shell], host)).toBe(0);
  return host.printed();
}

it("completion knows each command, with its flags", () => {
  const places = placesOf({ groups, commands });
  for (const { name } of commands) expect(places.map(({ words }) => words)).toContain(name);
  const token = places.find(({ words }) => words === "token");
  expect(token?.flags.find(({ names }) => names.includes("--scope"))?.names).toEqual(["-s", "--scope"]);
  expect(token?.flags.find(({ names }) => names.includes("--no-config"))?.value).toBeUndefined();
});

it("the sources that completion offers exist", async () => {
  const plugins = await loadOfficialPlugins();
  const names = plugins.flatMap(({ sources = [] }) => sources.map(({ name }) => name));
  expect(sourceNames.filter((name) => !names.includes(name))).toEqual([]);
});

it.each(["bash", "zsh", "fish"])("the completion of %s names each command", async (shell) => {
  const script = await scriptOf(shell);
  for (const { name } of commands) expect(script).toContain(name.split(" ").at(-1));
});

it("another shell is a wrong command line", async () => {
  const host = createTestHost();
  expect(await run(["completion", "tcsh"], host)).toBe(2);
  expect(host.reported()).toContain("bash, zsh, fish");
});

describe.skipIf(process.platform === "win32")("in bash", () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "azid-completion-"));
    file = join(folder, "completion.sh");
    writeFileSync(file, await scriptOf("bash"));
    writeFileSync(join(folder, "my config.json"), "{}");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What bash offers after these words, of which the last one is incomplete. */
  const offered = (...words: readonly string[]) => {
    const program = `source "$1"; shift; COMP_WORDS=(azid "$@"); COMP_CWORD=$#; _azid; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync("bash", ["-c", program, "bash", file, ...words], { cwd: folder, encoding: "utf8" });
    return output.split("\n").filter((word) => word !== "");
  };

  it.each([
    [["to"], ["token"]],
    [["ca"], ["cache"]],
    [
      ["cache", ""],
      ["list", "clear", "where"],
    ],
    [["token", "--as", "exec"], ["exec-credential"]],
    [["token", "--as", "=", "exec"], ["exec-credential"]],
    [["token", "--as", "raw", "--sc"], ["--scope"]],
    [["token", "-s", ""], []],
    [["token", "--source", "azure-c"], ["azure-cli"]],
    [["token", "--config", "my"], ["my config.json"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["mcp", "https://x", "--", ""], []],
    [["--ver"], ["--version"]],
  ])("after %j it offers %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });
});

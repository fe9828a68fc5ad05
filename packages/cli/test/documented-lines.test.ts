/** What documents and help texts say to type is understood by azid. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseCommandLine } from "../src/command-line/parse.ts";
import { commands, examples, groups, sections } from "../src/commands.ts";
import { createTestHost } from "./test-host.ts";

const root = join(import.meta.dirname, "../../..");
const documents = globSync(
  ["README.md", "docs/*.md", "docs/decisions/cli.md", "packages/*/README.md", "examples/*/README.md"],
  { cwd: root },
);

/**
 * The words of a command line up to a pipe, a redirection, a comment or the end of a substitution.
 */
function wordsOf(line: string): string[] {
  const words = (line.split(/\)(?:\s|$)/)[0] ?? "").match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const end = words.findIndex((word) => /^[|<>;&#]|^\d?>|^`/.test(word));
  const own = words.slice(0, end < 0 ? words.length : end).filter((word) => word !== '"$@"');
  return own.map((word) => word.replace(/^["']|["')`,.]+$/g, ""));
}

/** What is typed after `azid` in the code blocks of a document. */
function linesOf(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  const blocks = [...text.matchAll(/^```(?:sh|console|bash)\n(.*?)^```/gms)].map(([, block = ""]) => block);
  const joined = blocks.join("\n").replaceAll("\\\n", " ");
  return [...joined.matchAll(/(?:^|[\s(!'])azid +(\S.*)$/gm)].map(([, line = ""]) => line);
}

const table = { version: "0", summary: "", examples, groups, sections };
const parse = (line: string) => parseCommandLine(wordsOf(line), table, createTestHost());

const inDocuments = documents.flatMap((document) => linesOf(document).map((line) => ({ document, line })));

it("the documents have command lines of azid", () => {
  expect(inDocuments.length).toBeGreaterThan(20);
});

it.each(inDocuments.filter(({ line }) => !/^(?:COMMAND|\.\.\.|…)/.test(line)))(
  "$document: azid $line is understood",
  ({ line }) => {
    expect(() => parse(line)).not.toThrow();
  },
);

const inHelp = [...examples, ...commands.flatMap((each) => each.examples)].flatMap(({ command }) =>
  [...command.matchAll(/(?:^|[\s(!'])azid +(\S.*)$/g)].map(([, line = ""]) => ({ line })),
);

it.each(inHelp)("an example of help, azid $line, is understood", ({ line }) => {
  expect(parse(line).kind).toBe("command");
});

/** Each place where an error is made says what to do next. */
import { globSync, readFileSync } from "node:fs";
import { type Node, parseSync, Visitor } from "oxc-parser";
import { expect, it } from "vitest";

const makers = [
  "outcomeError",
  "ConfigurationError",
  "AuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
];

/** Errors whose next step is in their message, or that another error with a remedy replaces. */
const exceptions: Readonly<Record<string, string>> = {
  "packages/core/src/config/parse.ts": "each line of the message ends with what to write",
  "packages/core/src/entra/region.ts": "the global endpoint is used instead",
};

interface Site {
  readonly file: string;
  readonly text: string;
}

function sitesOf(file: string): Site[] {
  const source = readFileSync(file, "utf8");
  const sites: Site[] = [];
  const see = (node: Node & { readonly callee: Node }) => {
    if (node.callee.type !== "Identifier" || !makers.includes(node.callee.name)) return;
    sites.push({ file, text: source.slice(node.start, node.end) });
  };
  new Visitor({ CallExpression: see, NewExpression: see }).visit(parseSync(file, source).program);
  return sites;
}

/**
 * A remedy, or the fields of another error or of a denied permission (errors/denied-permission.ts),
 * which have one.
 */
const nextStep = /\bremedy\b|\bdetails\b|\.\.\.error\b|\bdenied\b/;

const files = globSync("packages/{core,plugin-*}/src/**/*.ts", {
  exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/test-kit/**"],
});
const sites = files.flatMap(sitesOf);

it("Each error of core and of the plugins has a remedy, or details from elsewhere", () => {
  expect(sites.length).toBeGreaterThan(100);
  const without = sites.filter(({ text }) => !nextStep.test(text));
  expect(without.filter(({ file }) => exceptions[file] === undefined)).toEqual([]);
});

it("Each exception still is one", () => {
  const without = sites.filter(({ text }) => !nextStep.test(text)).map(({ file }) => file);
  expect(Object.keys(exceptions).filter((file) => !without.includes(file))).toEqual([]);
});

/** A text that is written out, with \0 for what is filled in; `undefined`: it is made elsewhere. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  return node?.type === "TemplateLiteral" ? node.quasis.map(({ value }) => value.cooked).join("\0") : undefined;
}

/** The messages of a file that are written out at their error. */
function messagesOf(file: string): Site[] {
  const messages: Site[] = [];
  const see = (node: Node & { readonly callee: Node; readonly arguments: readonly Node[] }) => {
    if (node.callee.type !== "Identifier" || !makers.includes(node.callee.name)) return;
    const text = node.arguments.map(textOf).find((one) => one?.includes(" "));
    if (text !== undefined) messages.push({ file, text });
  };
  new Visitor({ CallExpression: see, NewExpression: see }).visit(parseSync(file, readFileSync(file, "utf8")).program);
  return messages;
}

/**
 * Messages that end with a sentence from elsewhere, or have a line for each thing that is wrong.
 */
const isSentence = (text: string) => /[.\0]$/.test(text) && !/\.\./.test(text) && !/^[^\n]*\n(?!\0)/.test(text);

it("Each message that is written out is a sentence in one line, with one full stop", () => {
  const messages = files.flatMap(messagesOf);
  expect(messages.length).toBeGreaterThan(100);
  expect(messages.filter(({ text }) => !isSentence(text))).toEqual([]);
});

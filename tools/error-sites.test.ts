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

/** A remedy, or the fields of another error, which has one. */
const nextStep = /\bremedy\b|\bdetails\b|\.\.\.error\b/;

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

/** The form of every message of this package. */
import { globSync, readFileSync } from "node:fs";
import { type IdentityError, isIdentityError, outcomeError } from "@azidentity/core/plugin";
import { createFakeCommands, messageFaults } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { azureCliCases } from "./corpus/azure-cli.ts";
import { azureDeveloperCliCases } from "./corpus/azure-developer-cli.ts";
import { azurePowerShellCases } from "./corpus/azure-powershell.ts";
import { type Case, expires } from "./corpus/case.ts";
import { type Program, runTool, type ToolCall } from "./run-tool.ts";

const corpora: readonly (readonly [Program, readonly Case[]])[] = [
  ["az", azureCliCases],
  ["pwsh", azurePowerShellCases],
  ["azd", azureDeveloperCliCases],
];

const own = "11111111-1111-4111-8111-111111111111";
const foreign = "22222222-2222-4222-8222-222222222222";
const longText = `ERROR: ${"It failed, and here is a long story. ".repeat(60)}`;
const token = (more: object = {}) => ({
  stdout: JSON.stringify({ accessToken: "T", token: "T", expires_on: expires / 1000, ...more }),
});
const fails = (stderr: string) => ({ exitCode: 1, stderr });
const cannotRun = outcomeError("not-installed", "/bin/az cannot be run: it is broken (EIO).", {
  remedy: "Reinstall it.",
});

/** Errors of the code around the tools, and of texts that no corpus has. */
const calls: Readonly<Record<string, ToolCall>> = {
  "a tool that is not installed": { program: "az" },
  "a tool that cannot be run": {
    program: "az",
    context: { commands: { ...createFakeCommands({ az: () => ({}) }), run: () => Promise.reject(cannotRun) } },
  },
  "a scope with a character of shells": { program: "az", request: { scopes: ["a;b"] } },
  "two scopes": { program: "az", request: { scopes: ["a", "b"] } },
  "a scope without a resource": { program: "pwsh", request: { scopes: ["api://a/read"] } },
  "a subscription with a quotation mark": { program: "az", options: { subscription: 'a"b' } },
  "a relative folder": { program: "az", options: { configDirectory: "one" } },
  "a claims challenge": { program: "az", request: { claims: '{"access_token":{"nbf":{"essential":true}}}' } },
  "another cloud": { program: "pwsh", answer: () => token({ authority: "https://login.chinacloudapi.cn/" }) },
  "another tenant": { program: "az", answer: () => token({ tenant: foreign }), request: { tenantId: own } },
  "another tenant's subscription": {
    program: "az",
    answer: () => token({ tenant: foreign }),
    options: { subscription: "s", tenantId: own },
  },
  "a tenant without proof": {
    program: "az",
    answer: ({ args }) =>
      args.includes("--tenant") ? fails("Tenant shouldn't be specified for managed identity account") : token(),
    request: { tenantId: "contoso.com" },
  },
  "no expiry": { program: "az", answer: () => token({ expires_on: undefined }) },
  "a long error text": { program: "az", answer: () => fails(longText), request: { tenantId: "contoso.com" } },
  "a long error text of a known kind": { program: "az", answer: () => fails(`${longText} az login`) },
  "an error text that ends in a full stop and a line break": { program: "azd", answer: () => fails("It failed.\r\n") },
  "an error text in quotation marks": { program: "azd", answer: () => fails('"It failed."') },
  "Constrained Language Mode": {
    program: "pwsh",
    answer: () => fails("Only core types are supported in this language mode."),
  },
  "an unreadable token cache": { program: "az", answer: () => fails("Decryption failed.") },
  "a token cache without permission": { program: "az", answer: () => fails("Permission denied: '/root/.azure/x'") },
  "a damaged file": { program: "az", answer: () => fails("JSONDecodeError: Expecting value: line 1") },
};

const failedCases = corpora.flatMap(([program, cases]) =>
  cases.filter(({ outcome }) => outcome !== undefined).map((one) => ({ name: one.name, program, one })),
);

async function errorOf(call: ToolCall): Promise<IdentityError> {
  const error = await runTool(call);
  if (!isIdentityError(error)) throw new TypeError("The call has no error.");
  return error;
}

it.each(failedCases)(
  "an error text of $program becomes a message of the right form: $name",
  async ({ program, one }) => {
    const said = (one.stderr ?? "").split(/[\n"{]/).filter((part) => /^[\w ']{12,}/.test(part));
    const words = said.map((part) => part.slice(0, 12));
    expect(messageFaults(await errorOf({ program, answer: () => one }), words)).toEqual([]);
  },
);

it.each(Object.entries(calls))("the message about %s has the right form", async (_, call) => {
  expect(messageFaults(await errorOf(call))).toEqual([]);
});

it("every code in the sources of this package is met by one of these messages", async () => {
  const files = globSync("../src/**/*.ts", { cwd: import.meta.dirname, exclude: ["**/*.test.ts"] });
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
  const codes = [...text.matchAll(/\bcode: "([a-z-]+)"|\binvalid\(\s*tool,\s*"([a-z-]+)"/g)].map(
    ([, code, other]) => code ?? other ?? "",
  );
  const all = [...Object.values(calls), ...failedCases.map(({ program, one }) => ({ program, answer: () => one }))];
  const errors = await Promise.all(all.map(errorOf));
  const seen = new Set<string>(errors.map(({ code }) => code));
  expect(codes.length).toBeGreaterThan(12);
  expect([...new Set(codes)].filter((code) => !seen.has(code))).toEqual([]);
});

it.each([
  [
    "az",
    "ERROR: Please run 'az login' to setup account.",
    /^azure-cli: The Azure CLI is not signed in\. Run: az login$/,
  ],
  [
    "az",
    "ERROR: The account of this folder was removed by a policy of the tenant. Run 'az login'.",
    /^azure-cli: The Azure CLI is not signed in\. It printed: "ERROR: The account/,
  ],
  [
    "azd",
    "ERROR: not logged in, run `azd auth login` to login\n",
    /^azure-developer-cli: The Azure Developer CLI is not signed in\. Run: azd auth login$/,
  ],
  [
    "pwsh",
    "Run Connect-AzAccount to login.",
    /^azure-powershell: Azure PowerShell is not signed in\. Run in PowerShell: Connect-AzAccount$/,
  ],
  ["az", "Run 'az account set' first.", /^azure-cli: The Azure CLI failed with exit code 1\./],
] as const)(
  "a missing sign-in is named as such, and anything else by how the tool ended: %s %s",
  async (program, stderr, message) => {
    const error = await errorOf({ program, answer: () => fails(stderr) });
    expect(error).toMatchObject({ outcome: "not-signed-in", message: expect.stringMatching(message) });
  },
);

it("of a traceback of Python, the message has the last line", async () => {
  const stderr = [
    "Traceback (most recent call last):",
    '  File "/usr/bin/az", line 19, in <module>',
    "    runpy.run_module('azure.cli')",
    "PermissionError: [Errno 13] Permission denied: '/nonexistent'",
    "",
  ].join("\n");
  const { message } = await errorOf({ program: "az", answer: () => fails(stderr) });
  expect(message).toContain("printed: \"PermissionError: [Errno 13] Permission denied: '/nonexistent'\"");
});

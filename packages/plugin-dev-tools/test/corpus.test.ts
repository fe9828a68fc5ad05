import { readFileSync } from "node:fs";
import type { AnySource, IdentityError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeCommands, createTestContext, createTestRequest } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { azureCli } from "../src/sources/azure-cli.ts";
import { azureDeveloperCli } from "../src/sources/azure-developer-cli.ts";
import { azurePowerShell } from "../src/sources/azure-powershell.ts";
import { azureCliCases } from "./corpus/azure-cli.ts";
import { azureDeveloperCliCases } from "./corpus/azure-developer-cli.ts";
import { azurePowerShellCases } from "./corpus/azure-powershell.ts";
import { type Case, expires, opaque } from "./corpus/case.ts";

/** The result of an output: the token, or the error. */
async function take(source: AnySource, program: string, { exitCode = 0, stdout = "", stderr = "" }: Case) {
  const commands = createFakeCommands({ [program]: () => ({ exitCode, stdout, stderr }) });
  const clock = createFakeClock(expires - 3_600_000);
  const context = createTestContext({ commands, clock, env: { HOME: "/nowhere", USERPROFILE: "/nowhere" } });
  const credential = await source.create({}, context);
  return credential.getToken(createTestRequest()).catch((error: IdentityError) => error);
}

const tools = [
  ["azure-cli", azureCli, "az", azureCliCases],
  ["azure-powershell", azurePowerShell, "pwsh", azurePowerShellCases],
  ["azure-developer-cli", azureDeveloperCli, "azd", azureDeveloperCliCases],
] as const;

describe.each(tools)("%s", (name, source, program, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))(`${name} reads %s`, async (_, one) => {
    const result = await take(source, program, one);
    if (one.expires !== undefined) {
      expect(result).toMatchObject({ expiresOnTimestamp: one.expires, tokenType: "Bearer" });
      return;
    }
    const error = result as IdentityError;
    expect(error).toMatchObject({ outcome: one.outcome, code: one.code ?? one.outcome });
    expect(error.message.startsWith(`${name}: `)).toBe(true);
    expect(error.message).not.toContain(opaque);
    expect(error.message).not.toMatch(/eyJ/);
    expect(error.message.length).toBeLessThan(1_000);
    if (one.remedy !== undefined) expect((error as { remedy?: string }).remedy).toContain(one.remedy);
  });
});

it.each([
  ["before", (noise: string) => `ERROR: Please run 'az login' to setup account.\n${noise}`],
  ["after", (noise: string) => `${noise}\nERROR: Please run 'az login' to setup account.`],
])("azure-cli classifies an error text of az %s a megabyte of noise", async (_, place) => {
  // each line starts to match a pattern that continues to search for its end
  const stderr = place("subscription tenant x No such file or directory ".repeat(20_000));
  expect(await take(azureCli, "az", { name: "noise", exitCode: 1, stderr })).toMatchObject({ code: "not-signed-in" });
});

it("every pattern for the text of a tool has bounded gaps, so that it takes linear time", () => {
  const files = [
    "tool-failure.ts",
    "sources/azure-cli.ts",
    "sources/azure-developer-cli.ts",
    "sources/azure-powershell.ts",
  ];
  const rules = files.flatMap((file) => {
    const text = readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
    return [...text.matchAll(/(?:pattern:|missingProgram =)\s*(\/.+\/i?)[,;]/g)].map(([, rule = ""]) => rule);
  });
  expect(rules.length).toBeGreaterThan(15);
  expect(rules.filter((rule) => /(?:\.|\]|\\[a-z])[*+]|\{\d+,\}/.test(rule))).toEqual([]);
});

it("the corpus contains at least forty outputs", () => {
  expect(tools.reduce((sum, [, , , cases]) => sum + cases.length, 0)).toBeGreaterThanOrEqual(40);
});

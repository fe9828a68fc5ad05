import { createFakeCommands, createTestContext, testCredentialSource } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { jwt } from "../../test/corpus/case.ts";
import devTools from "../index.ts";
import { azureCli } from "./azure-cli.ts";
import { azureDeveloperCli } from "./azure-developer-cli.ts";
import { azurePowerShell } from "./azure-powershell.ts";

const token = jwt({ exp: 4_000_000_000 });
const prints = (answer: object) => () => ({ stdout: JSON.stringify(answer) });

describe.each([
  [
    "azure-cli",
    azureCli,
    { az: prints({ accessToken: token, expires_on: 4_000_000_000 }) },
    { subscription: "Pay as you go" },
  ],
  ["azure-powershell", azurePowerShell, { pwsh: prints({ token, expires_on: 4_000_000_000 }) }, {}],
  ["azure-developer-cli", azureDeveloperCli, { azd: prints({ token, expiresOn: "2096-10-02T07:06:40Z" }) }, {}],
] as const)("%s", (name, source, programs, more) => {
  testCredentialSource(
    { it },
    {
      source,
      options: { tenantId: "contoso.com", processTimeoutInMs: 5_000, configDirectory: "/accounts/one", ...more },
      secrets: [token],
      working: () => ({ commands: createFakeCommands(programs) }),
    },
  );

  it(`${name} is absent where its tool is not on PATH, and names the installation page`, () => {
    const detection = source.detect?.({}, createTestContext());
    expect(detection).toMatchObject({ state: "absent", code: "not-installed" });
    expect(detection?.remedy).toContain("https://aka.ms/");
  });

  it(`${name} has another subject for another folder, tenant or subscription`, () => {
    const context = createTestContext({ tenantId: "contoso.com" });
    const asked = [{}, { configDirectory: "/two" }, { tenantId: "fabrikam.com" }, { tenantId: null }, more];
    const subjects = asked.map((options) => source.subject(options, context));
    expect(new Set(subjects).size).toBe(Object.keys(more).length === 0 ? 4 : 5);
  });
});

it("the plugin has three developer sources", () => {
  expect(devTools.sources.map(({ name, kind, priority }) => [name, kind, priority])).toEqual([
    ["azure-cli", "developer", 200],
    ["azure-powershell", "developer", 300],
    ["azure-developer-cli", "developer", 400],
  ]);
});

it("azd has no subject where the program that started it signs in", () => {
  const env = { AZD_AUTH_ENDPOINT: "http://127.0.0.1:5000", AZD_AUTH_KEY: "canary" };
  expect(azureDeveloperCli.subject({}, createTestContext({ env }))).toBeUndefined();
  expect(azureDeveloperCli.subject({}, createTestContext())).toBeDefined();
});

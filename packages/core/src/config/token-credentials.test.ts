import { describe, expect, it } from "vitest";
import { selectTokenCredentials } from "./token-credentials.ts";

const source = (name: string, kind: "deployed" | "developer" | "interactive") => ({ name, kind });
const environment = source("environment", "deployed");
const github = source("github-actions", "deployed");
const pipelines = source("azure-pipelines", "deployed");
const workload = source("workload-identity", "deployed");
const managed = source("managed-identity", "deployed");
const az = source("azure-cli", "developer");
const code = source("visual-studio-code", "developer");
const powershell = source("azure-powershell", "developer");
const azd = source("azure-developer-cli", "developer");
const broker = source("broker", "developer");
const browser = source("interactive-browser", "interactive");
const secret = source("client-secret", "deployed");
const order = [environment, workload, github, pipelines, managed, code, az, powershell, azd, broker];
const registered = [...order, browser, secret];

const select = (text: string | undefined) => {
  const { sources, named } = selectTokenCredentials(text, order, registered);
  return [sources.map((one) => one.name).join(" "), named];
};
const prod = "environment workload-identity github-actions azure-pipelines managed-identity";
const dev = "visual-studio-code azure-cli azure-powershell azure-developer-cli broker";
const all = `${prod} ${dev}`;

describe("AZURE_TOKEN_CREDENTIALS", () => {
  it.each<[string | undefined, string, boolean]>([
    [undefined, all, false],
    ["", all, false],
    ["   ", all, false],
    ["dev", dev, false],
    ["DEV", dev, false],
    ["\tdev\n", dev, false],
    ["prod", prod, false],
    [" Prod ", prod, false],
    ["EnvironmentCredential", "environment", true],
    ["WorkloadIdentityCredential", "workload-identity", true],
    ["managedidentitycredential", "managed-identity", true],
    ["VisualStudioCodeCredential", "visual-studio-code", true],
    ["AzureCliCredential", "azure-cli", true],
    ["AzurePowerShellCredential", "azure-powershell", true],
    ["AzureDeveloperCliCredential", "azure-developer-cli", true],
    ["BrokerCredential", "broker", true],
    ["AzurePipelinesCredential", "azure-pipelines", true],
    ["InteractiveBrowserCredential", "interactive-browser", true],
    ["client-secret", "client-secret", true],
    ["azurecli", "azure-cli", true],
    ["AZURE-CLI", "azure-cli", true],
    ["azure-cli", "azure-cli", true],
    ["azure-cli, EnvironmentCredential", "environment azure-cli", true],
    ["ManagedIdentityCredential,WorkloadIdentityCredential", "workload-identity managed-identity", true],
    ["interactive-browser,azure-cli,azure-cli,", "azure-cli interactive-browser", true],
  ])("%j leaves: %s", (text, names, named) => {
    expect(select(text)).toEqual([names, named]);
  });

  it("dev keeps interactive sources that were enabled, and prod does not", () => {
    const browser = { name: "interactive-browser", kind: "interactive" } as const;
    const enabled = [...order, browser];
    expect(selectTokenCredentials("dev", enabled, enabled).sources).toContain(browser);
    expect(selectTokenCredentials("prod", enabled, enabled).sources).not.toContain(browser);
  });

  it("AZURE_TOKEN_CREDENTIALS selects no source for a group without sources", () => {
    expect(selectTokenCredentials("dev", [environment], [environment])).toMatchObject({ sources: [], named: false });
  });

  it.each([
    "AzureCliCredental",
    "dev,prod",
    "dev,azure-cli",
    "prod dev",
    "noone",
    "credential",
    "VisualStudioCredential",
    "ManagedIdentityAsFederatedIdentityCredential",
  ])("%j is refused with a suggestion", (text) => {
    expect(() => select(text)).toThrow(
      expect.objectContaining({
        code: "unknown-token-credentials",
        remedy: expect.stringMatching(/Did you mean|Available/),
      }),
    );
  });
});

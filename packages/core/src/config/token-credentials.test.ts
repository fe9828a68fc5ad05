import { describe, expect, it } from "vitest";
import { selectTokenCredentials } from "./token-credentials.ts";

const source = (name: string, kind: "deployed" | "developer" | "interactive") => ({ name, kind });
const environment = source("environment", "deployed");
const workload = source("workload-identity", "deployed");
const managed = source("managed-identity", "deployed");
const az = source("azure-cli", "developer");
const powershell = source("azure-powershell", "developer");
const browser = source("interactive-browser", "interactive");
const order = [environment, workload, managed, az, powershell];
const registered = [...order, browser];

const select = (text: string | undefined) => {
  const { sources, named } = selectTokenCredentials(text, order, registered);
  return [sources.map((one) => one.name).join(" "), named];
};
const all = "environment workload-identity managed-identity azure-cli azure-powershell";

describe("AZURE_TOKEN_CREDENTIALS", () => {
  it.each<[string | undefined, string, boolean]>([
    [undefined, all, false],
    ["", all, false],
    ["   ", all, false],
    ["dev", "azure-cli azure-powershell", false],
    ["DEV", "azure-cli azure-powershell", false],
    ["prod", "environment workload-identity managed-identity", false],
    [" Prod ", "environment workload-identity managed-identity", false],
    ["EnvironmentCredential", "environment", true],
    ["WorkloadIdentityCredential", "workload-identity", true],
    ["managedidentitycredential", "managed-identity", true],
    ["AzureCliCredential", "azure-cli", true],
    ["AzurePowerShellCredential", "azure-powershell", true],
    ["InteractiveBrowserCredential", "interactive-browser", true],
    ["azure-cli", "azure-cli", true],
    ["azure-cli, EnvironmentCredential", "environment azure-cli", true],
    ["interactive-browser,azure-cli,azure-cli,", "azure-cli interactive-browser", true],
  ])("%j leaves: %s", (text, names, named) => {
    expect(select(text)).toEqual([names, named]);
  });

  it.each(["AzureCliCredental", "dev,prod", "nobody"])("%j is refused, with what was probably meant", (text) => {
    expect(() => select(text)).toThrow(
      expect.objectContaining({
        code: "unknown-token-credentials",
        remedy: expect.stringMatching(/Did you mean|There is/),
      }),
    );
  });
});

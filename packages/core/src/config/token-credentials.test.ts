import { expect, it } from "vitest";
import { selectTokenCredentials } from "./token-credentials.ts";

const environment = { name: "environment", kind: "deployed" } as const;
const managed = { name: "managed-identity", kind: "deployed" } as const;
const cli = { name: "azure-cli", kind: "developer" } as const;
const browser = { name: "interactive-browser", kind: "interactive" } as const;
const order = [environment, managed, cli];
const registered = [browser, cli, managed, environment];
const select = (text: string | undefined) => {
  const { sources, named } = selectTokenCredentials(text, order, registered);
  return { names: sources.map(({ name }) => name), named };
};

it.each([
  [undefined, ["environment", "managed-identity", "azure-cli"], false],
  ["", ["environment", "managed-identity", "azure-cli"], false],
  ["dev", ["azure-cli"], false],
  [" PROD ", ["environment", "managed-identity"], false],
  ["AzureCliCredential", ["azure-cli"], true],
  ["azureclicredential", ["azure-cli"], true],
  ["azure-cli", ["azure-cli"], true],
  ["ManagedIdentityCredential", ["managed-identity"], true],
  ["InteractiveBrowserCredential", ["interactive-browser"], true],
  ["azure-cli, environment,azure-cli", ["environment", "azure-cli"], true],
  ["interactive-browser,azure-cli", ["azure-cli", "interactive-browser"], true],
])("leaves of the default chain for AZURE_TOKEN_CREDENTIALS=%s: %j", (text, names, named) => {
  expect(select(text)).toEqual({ names, named });
});

it("refuses a name that no plugin brings, and suggests the one that was meant", () => {
  expect(() => select("azure-cli,AzureClyCredential")).toThrow(
    expect.objectContaining({ code: "unknown-token-credentials" }),
  );
  expect(() => select("managed-identty")).toThrow('Did you mean "managed-identity"?');
});

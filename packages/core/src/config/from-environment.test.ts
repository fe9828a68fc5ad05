import { expect, it } from "vitest";
import { configFromEnvironment, misspelledSetting, splitList } from "./from-environment.ts";

it("configFromEnvironment reads the documented variables and no others", () => {
  const env = {
    AZIDENTITY_CHAIN: "managed-identity, azure-cli",
    AZIDENTITY_MODE: "production",
    AZIDENTITY_TENANT_ID: "t",
    AZIDENTITY_CLOUD: "china",
    AZIDENTITY_AUTHORITY_HOST: "https://x.example",
    AZIDENTITY_LOG_LEVEL: "debug",
    AZIDENTITY_CONFIG: "/elsewhere",
    AZURE_TENANT_ID: "other",
  };
  expect(configFromEnvironment(env)).toEqual({
    chain: ["managed-identity", "azure-cli"],
    mode: "production",
    tenantId: "t",
    cloud: "china",
    authorityHost: "https://x.example",
    log: { level: "debug" },
  });
  expect(configFromEnvironment({})).toEqual({});
});

it("splitList splits at commas, without blanks and empty items", () => {
  expect(splitList(" a ,b,, c,")).toEqual(["a", "b", "c"]);
});

it.each([
  ["AZIDENTITY_LOGLEVEL", "AZIDENTITY_LOG_LEVEL"],
  ["AZIDENTITY_PROFIL", "AZIDENTITY_PROFILE"],
  ["AZIDENTITY_AZURECLI_TIMEOUT_MS", "AZIDENTITY_AZURE_CLI_TIMEOUT_MS"],
])("misspelledSetting warns that %s is not read, and names %s", (set, meant) => {
  const warning = misspelledSetting({ [set]: "canary" }, ["AZIDENTITY_AZURE_CLI_TIMEOUT_MS"]);
  expect(warning).toBe(`The variable ${set} is not read. Did you mean ${meant}?`);
});

it.each(["AZIDENTITY_LOG_LEVEL", "AZIDENTITY_CACHE_KEY", "AZIDENTITY_BROKER_CALL", "OTHER_LOGLEVEL"])(
  "misspelledSetting says nothing about %s",
  (name) => expect(misspelledSetting({ [name]: "x" }, [])).toBeUndefined(),
);

it.each([
  ["AzureUSGovernment", "government"],
  ["AzureChinaCloud", "china"],
  ["AzurePublicCloud", "public"],
])("AZIDENTITY_CLOUD=%s is refused, and %s is suggested", (name, meant) => {
  expect(() => configFromEnvironment({ AZIDENTITY_CLOUD: name })).toThrow(`"${meant}"?`);
});

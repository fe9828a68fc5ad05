import { expect, it } from "vitest";
import { configFromEnvironment, splitList } from "./from-environment.ts";

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

import { expect, it } from "vitest";
import { configFromEnvironment, splitList } from "./from-environment.ts";

it("reads what an operator sets, and nothing else", () => {
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

it("splits a list at commas, without blanks and gaps", () => {
  expect(splitList(" a ,b,, c,")).toEqual(["a", "b", "c"]);
});

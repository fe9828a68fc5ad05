import { expect, it } from "vitest";
import { scopeOrManagement } from "./management-scope.ts";

const at = (authorityHost: string, given?: string) =>
  scopeOrManagement(given)({ cloud: { authorityHost, instanceDiscovery: true, tokenExchangeAudience: "" } });

it.each([
  ["https://login.microsoftonline.com", "https://management.azure.com/.default"],
  ["https://login.microsoftonline.us", "https://management.usgovcloudapi.net/.default"],
  ["https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"],
  ["https://login.contoso.example", "https://management.azure.com/.default"],
])("without a scope, %s means %s", (authority, scope) => {
  expect(at(authority)).toBe(scope);
});

it("a scope of the command line is taken, or refused at once", () => {
  expect(at("https://login.microsoftonline.com", "api://app/.default")).toBe("api://app/.default");
  expect(() => scopeOrManagement("two words")).toThrow(expect.objectContaining({ code: "usage" }));
});

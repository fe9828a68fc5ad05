import { expect, it } from "vitest";
import { checkApplicationScopes, checkApplicationTenant, checkTokenTenant } from "./check-request.ts";

const check = (tenantId: string) => checkApplicationTenant("client-secret", tenantId);

it.each(["72f988bf-86f1-41af-91ab-2d7cd011db47", "contoso.onmicrosoft.com", "Contoso.com"])(
  "an application can sign in to the tenant %s",
  (tenantId) => {
    expect(check(tenantId)).toBe(tenantId);
  },
);

it.each(["common", "organizations", "Consumers"])(
  "an application cannot sign in to %s, which covers many tenants",
  (tenantId) => {
    expect(() => check(tenantId)).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "shared-tenant" }));
  },
);

it.each(["adfs", "ADFS"])("the tenant %s is refused as AD FS, with an alternative", (tenantId) => {
  const message = expect.stringContaining("@azure/identity");
  expect(() => check(tenantId)).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "adfs-unsupported", message }),
  );
});

it.each(["", " ", "a/b", "a?b", "a#b", "..", "a%2fb", "a\\b", "a\nb", "-x", "$(id)", "é"])(
  "a tenant %j that would change the URL of a request is refused",
  (tenantId) => {
    expect(() => check(tenantId)).toThrow(expect.objectContaining({ code: "invalid-tenant" }));
  },
);

it.each(["https://vault.azure.net/.default", "https://vault.azure.net//.default", "api://orders/.default"])(
  "an application may request %s",
  (scope) => {
    expect(() => checkApplicationScopes("client-secret", { scopes: [scope] })).not.toThrow();
  },
);

it.each([
  [["https://vault.azure.net/user_impersonation"]],
  [["User.Read"]],
  [["openid"]],
  [["https://graph.microsoft.com/.default", "https://vault.azure.net/.default"]],
  [["https://graph.microsoft.com/.default", "offline_access"]],
] as [[string, ...string[]]][])("an application may not request the scopes %j", (scopes) => {
  expect(() => checkApplicationScopes("client-secret", { scopes })).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "invalid-scope" }),
  );
});

const tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";

it.each([tenant, tenant.toUpperCase(), "common", "contoso.com"])(
  "a token of a tenant fits a request for %s",
  (requested) => {
    expect(() => checkTokenTenant("broker", requested, tenant)).not.toThrow();
  },
);

it("a token of another tenant than the requested one is refused", () => {
  expect(() => checkTokenTenant("broker", tenant, "11111111-1111-4111-8111-111111111111")).toThrow(
    expect.objectContaining({ outcome: "rejected", code: "another-tenant" }),
  );
});

import { expect, it } from "vitest";
import { checkApplicationTenant, openIdDocument } from "./authority.ts";

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

it("the OpenID document has endpoints on the authority's host only", () => {
  const document = openIdDocument("https://login.example:8443/contoso.com");
  expect(document.token_endpoint).toBe("https://login.example:8443/contoso.com/oauth2/v2.0/token");
  for (const url of Object.values(document)) expect(new URL(url).host).toBe("login.example:8443");
});

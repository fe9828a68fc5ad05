import { expect, it } from "vitest";
import { checkApplicationTenant, openIdDocument } from "./authority.ts";

const check = (tenantId: string) => checkApplicationTenant("client-secret", tenantId);

it.each(["72f988bf-86f1-41af-91ab-2d7cd011db47", "contoso.onmicrosoft.com", "Contoso.com"])(
  "lets an application sign in to %s",
  (tenantId) => {
    expect(check(tenantId)).toBe(tenantId);
  },
);

it.each(["common", "organizations", "Consumers"])("refuses %s, which is no single tenant", (tenantId) => {
  expect(() => check(tenantId)).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "shared-tenant" }));
});

it.each(["adfs", "ADFS"])("refuses %s, whose protocol is another one, and says what to use", (tenantId) => {
  const message = expect.stringContaining("@azure/identity");
  expect(() => check(tenantId)).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "adfs-unsupported", message }),
  );
});

it("writes endpoints that all stand on the authority's host", () => {
  const document = openIdDocument("https://login.example:8443/contoso.com");
  expect(document.token_endpoint).toBe("https://login.example:8443/contoso.com/oauth2/v2.0/token");
  for (const url of Object.values(document)) expect(new URL(url).host).toBe("login.example:8443");
});

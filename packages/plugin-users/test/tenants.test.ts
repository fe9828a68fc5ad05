import { scope } from "@azidentity/test-support";
import { expect, it } from "vitest";
import users from "../src/index.ts";
import { ann, password, setUp } from "./user-world.ts";

it("AZURE_TENANT_ID is the tenant of a web application's users only", () => {
  const readers = users.sources.filter(({ homeTenant }) => homeTenant?.variables?.includes("AZURE_TENANT_ID"));
  expect(readers.map(({ name }) => name)).toEqual(["authorization-code"]);
  expect(users.sources.every(({ homeTenant }) => homeTenant !== undefined)).toBe(true);
});

it("a source of users ignores the config's tenant if its own is null", async () => {
  const { identity, tenants } = setUp([ann], { config: { tenantId: "config.example" } });
  await identity.credential("username-password", { ...password, tenantId: null }).getToken(scope);
  expect(tenants()).toEqual(["common"]);
});

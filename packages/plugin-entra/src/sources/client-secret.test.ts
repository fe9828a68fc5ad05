import { homeTenantOf } from "@azidentity/core/plugin";
import { createTestRequest } from "@azidentity/core/testing";
import { errorOf, sourceContext } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { clientSecret } from "./client-secret.ts";

const complete = { tenantId: "contoso.com", clientId: "app", clientSecret: "canary" };

it("client-secret is ready when its options are complete", () => {
  expect(clientSecret.detect?.(complete, sourceContext()).state).toBe("ready");
});

it("client-secret uses the tenant of the config", () => {
  const context = sourceContext({ defaults: { tenantId: "contoso.com", additionallyAllowedTenants: [] } });
  const given = { clientId: "app", clientSecret: "canary" };
  expect(clientSecret.detect?.(given, context).state).toBe("ready");
  expect(homeTenantOf(clientSecret.homeTenant ?? {}, given, context)).toBe("contoso.com");
});

it.each(["tenantId", "clientId", "clientSecret"])(
  "client-secret stops a chain when %s is missing, and names it",
  async (name) => {
    for (const value of [undefined, ""]) {
      const given = { ...complete, [name]: value };
      expect(clientSecret.detect?.(given, sourceContext())?.state).toBe("ready");
      const credential = await clientSecret.create(given, sourceContext());
      const error = await errorOf(credential.getToken(createTestRequest()));
      expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-options" });
      expect(error.message).toContain(`\`${name}\``);
    }
  },
);

it.each([{}, { tenantId: "contoso.com" }])("client-secret is absent without an application: %j", async (given) => {
  expect(clientSecret.detect?.(given, sourceContext())).toMatchObject({ state: "absent" });
  const credential = await clientSecret.create(given, sourceContext());
  expect(await errorOf(credential.getToken(createTestRequest()))).toMatchObject({ outcome: "not-configured" });
});

it("client-secret declares clientSecret as a secret", () => {
  expect(clientSecret.options?.secrets).toEqual(["clientSecret"]);
});

import { expect, it } from "vitest";
import { errorOf, sourceContext, tokenRequest } from "../../test/source-context.ts";
import { clientSecret } from "./client-secret.ts";

const complete = { tenantId: "contoso.com", clientId: "app", clientSecret: "canary" };

it("is ready when it has everything", () => {
  expect(clientSecret.detect?.(complete, sourceContext()).state).toBe("ready");
});

it("takes the tenant of the config", () => {
  const context = sourceContext({ defaults: { tenantId: "contoso.com", additionallyAllowedTenants: [] } });
  const given = { clientId: "app", clientSecret: "canary" };
  expect(clientSecret.detect?.(given, context).state).toBe("ready");
  expect(clientSecret.homeTenant?.(given, context)).toBe("contoso.com");
  expect(clientSecret.homeTenant?.({ ...given, tenantId: "fabrikam.com" }, context)).toBe("fabrikam.com");
});

it.each(["tenantId", "clientId", "clientSecret"])("is absent without %s, and says so", async (name) => {
  for (const value of [undefined, ""]) {
    const given = { ...complete, [name]: value };
    const context = sourceContext();
    const detection = clientSecret.detect?.(given, context);
    expect(detection).toMatchObject({ state: "absent", code: "not-configured" });
    expect(detection?.reason).toContain(`\`${name}\``);

    const credential = await clientSecret.create(given, context);
    const error = await errorOf(credential.getToken(tokenRequest()));
    expect(error).toMatchObject({ outcome: "not-configured", code: "not-configured" });
  }
});

it("speaks for the application, whatever its secret", () => {
  expect(clientSecret.subject(complete, sourceContext())).toBe("app");
  expect(clientSecret.subject({}, sourceContext())).toBe("");
});

it("declares its secret one", () => {
  expect(clientSecret.options?.secrets).toEqual(["clientSecret"]);
});

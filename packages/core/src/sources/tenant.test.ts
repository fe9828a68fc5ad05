import { describe, expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import { homeTenant, tenantFor } from "./tenant.ts";

interface Given {
  readonly rule?: AnySource["tenants"];
  readonly kind?: AnySource["kind"];
  readonly home?: string;
  readonly tenantId?: string;
  readonly allowed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function ask(
  asked: string | undefined,
  { rule = "checked", kind = "deployed", home, tenantId, allowed = [], env = {} }: Given,
) {
  const source = { name: "client-secret", kind, tenants: rule, homeTenant: () => home } as unknown as AnySource;
  const context = { env, defaults: { tenantId, additionallyAllowedTenants: allowed } } as SourceContext;
  return tenantFor(source, homeTenant(source, {}, context), context, asked);
}

it("asks nobody for a tenant when none was asked for", () => {
  for (const rule of ["any", "checked", "ignored"] as const)
    expect(ask(undefined, { rule, home: "own" })).toBeUndefined();
});

it("drops the tenant where the platform decides, and passes it on where every tenant can be served", () => {
  expect(ask("other", { rule: "ignored" })).toBeUndefined();
  expect(ask("other", { rule: "any" })).toBe("other");
});

it("stays in its own tenant where the Azure SDKs' switch says so", () => {
  const env = { AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "true" };
  expect(ask("other", { home: "own", allowed: ["*"], env })).toBeUndefined();
  expect(ask("other", { home: "own", env })).toBeUndefined();
  expect(ask("other", { rule: "any", env })).toBe("other");
});

it.each([
  ["its own", { home: "own" }],
  ["its own in other letters", { home: "OWN" }],
  ["the config's, when it has none", { tenantId: "Own" }],
])("changes nothing by naming the tenant that the source takes by itself: %s", (_, given) => {
  expect(ask("own", given)).toBeUndefined();
  expect(ask("own", { ...given, rule: "any" })).toBeUndefined();
});

it.each(["common", "organizations", "Consumers"])("asks any tenant for a person who signs in to %s", (home) => {
  expect(ask("other", { kind: "interactive", home })).toBe("other");
  expect(() => ask("other", { kind: "interactive", home: "own" })).toThrow(
    expect.objectContaining({ code: "tenant-not-allowed" }),
  );
  expect(() => ask("other", { home })).toThrow(expect.objectContaining({ code: "tenant-not-allowed" }));
});

it("refuses a tenant of its own that is none, without repeating it", () => {
  for (const asked of [undefined, "other"]) {
    const check = () => ask(asked, { home: "c4n4ry\n", allowed: ["*"] });
    expect(check).toThrow(expect.objectContaining({ code: "invalid-tenant", outcome: "misconfigured" }));
    expect(check).not.toThrow(/c4n4ry/);
  }
});

describe("a source that has a tenant of its own", () => {
  it.each([
    ["an allowed one", { home: "home", allowed: ["x", "own"] }],
    ["an allowed one in other letters", { home: "home", allowed: ["OWN"] }],
    ["any, when all are allowed", { home: "home", allowed: ["*"] }],
  ])("may be asked for %s", (_, given) => {
    expect(ask("own", given)).toBe("own");
  });

  it.each([
    ["another", { home: "home" }],
    ["the config's, when it has its own", { home: "home", tenantId: "own" }],
    ["any, when it has none", {}],
    ["one that only looks like an allowed one", { home: "home", allowed: ["own.example", "ow*"] }],
  ])("may not be asked for %s", (_, given) => {
    expect(() => ask("own", given)).toThrow(
      expect.objectContaining({ code: "tenant-not-allowed", outcome: "misconfigured", name: "AuthenticationError" }),
    );
  });

  it("says which tenants are allowed, and how to allow this one", () => {
    const refused = () => ask("own", { home: "home", allowed: ["second"] });
    expect(refused).toThrow("home, second");
    expect(refused).toThrow('Add "own" to `additionallyAllowedTenants`');
  });
});

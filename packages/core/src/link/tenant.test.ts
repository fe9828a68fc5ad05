import { describe, expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { HomeTenant } from "../contract/source.ts";
import { homeTenant, tenantFor } from "./tenant.ts";

interface Given {
  readonly rule?: AnySource["tenantPolicy"];
  readonly kind?: AnySource["kind"];
  /** `undefined`: the source declares none. */
  readonly finds?: HomeTenant;
  /** The option of the source. */
  readonly home?: string | null;
  /** The config's. */
  readonly tenantId?: string | null;
  readonly allowed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function placed({ rule = "allow-list", kind = "deployed", finds, home, tenantId, allowed = [], env = {} }: Given) {
  const source = { name: "client-secret", kind, tenantPolicy: rule, homeTenant: finds } as AnySource;
  const context = { env, defaults: { tenantId, additionallyAllowedTenants: allowed } } as unknown as SourceContext;
  return { source, context, options: { tenantId: home } };
}

function ask(asked: string | undefined, given: Given) {
  const { source, options, context } = placed(given);
  return tenantFor(source, homeTenant(source, options, context), context, asked);
}

function homeOf(given: Given) {
  const { source, options, context } = placed(given);
  return homeTenant(source, options, context);
}

const notAllowed = expect.objectContaining({ code: "tenant-not-allowed", outcome: "misconfigured" });

it("the tenant of a request stays undefined when none is requested", () => {
  for (const rule of ["any", "allow-list", "fixed"] as const)
    expect(ask(undefined, { rule, home: "own" })).toBeUndefined();
});

it("a request's tenant is dropped where the platform decides, and passed on where a source has no home", () => {
  expect(ask("other", { rule: "fixed" })).toBeUndefined();
  expect(ask("other", { rule: "any", finds: {} })).toBe("other");
  expect(ask("other", { rule: "any", finds: {}, home: null, tenantId: "own" })).toBe("other");
});

it("a home tenant that is a URL is refused with the forms that a tenant has", () => {
  const finds = { variables: ["AZURE_TENANT_ID"] };
  const env = { AZURE_TENANT_ID: "https://login.microsoftonline.com/contoso.com" };
  expect(() => homeOf({ finds, env })).toThrow(expect.objectContaining({ code: "invalid-tenant" }));
  expect(() => homeOf({ finds, env })).toThrow(/as the directory \(tenant\) id or as a domain, .*; not as a URL/);
});

describe("a developer tool for which a tenant is configured", () => {
  const tool = { rule: "any", kind: "developer", finds: {} } as const;

  it.each([
    ["by the config", { ...tool, tenantId: "own" }],
    ["by its option", { ...tool, home: "own" }],
  ])("a developer tool with a configured tenant refuses another one, such as a challenge names: %s", (_, given) => {
    expect(() => ask("evil.example", given)).toThrow(notAllowed);
    expect(ask("own", given)).toBeUndefined();
    expect(ask("evil.example", { ...given, allowed: ["evil.example"] })).toBe("evil.example");
    expect(ask("evil.example", { ...given, allowed: ["*"] })).toBe("evil.example");
  });

  it("a developer tool accepts every tenant if only AZURE_TENANT_ID names one, which is meant for service principals", () => {
    expect(ask("other", { ...tool, env: { AZURE_TENANT_ID: "own" } })).toBe("other");
    expect(homeOf({ ...tool, env: { AZURE_TENANT_ID: "own" } })).toBeUndefined();
  });
});

it("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH keeps every source in its home tenant", () => {
  const env = { AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "true" };
  expect(ask("other", { home: "own", allowed: ["*"], env })).toBeUndefined();
  expect(ask("other", { home: "own", env })).toBeUndefined();
  expect(ask("other", { rule: "any", kind: "developer", finds: {}, env })).toBeUndefined();
  expect(ask("other", { rule: "any", env })).toBe("other");
});

it("a source without a home tenant ignores the config's tenant and AZURE_TENANT_ID", () => {
  const foreign = { rule: "any", tenantId: "t1", env: { AZURE_TENANT_ID: "t1" } } as const;
  expect(homeOf(foreign)).toBeUndefined();
  expect(ask("t1", foreign)).toBe("t1");
  expect(ask("t2", foreign)).toBe("t2");
});

it.each([
  ["its own", { home: "own" }],
  ["its own in other letters", { home: "OWN" }],
  ["the config's, when it has none", { tenantId: "Own" }],
])("naming the tenant that a source uses by default makes no difference: %s", (_, given) => {
  expect(ask("own", given)).toBeUndefined();
  expect(ask("own", { ...given, rule: "any", finds: {} })).toBeUndefined();
});

it.each(["common", "organizations", "Consumers"])("a user who signs in to %s can get tokens of any tenant", (home) => {
  expect(ask("other", { kind: "interactive", home })).toBe("other");
  expect(ask("other", { kind: "developer", rule: "any", finds: {}, home })).toBe("other");
  expect(() => ask("other", { kind: "interactive", home: "own" })).toThrow(notAllowed);
  expect(() => ask("other", { home })).toThrow(notAllowed);
});

it("an invalid home tenant is refused and not quoted", () => {
  for (const asked of [undefined, "other"]) {
    const check = () => ask(asked, { home: "c4n4ry\n", allowed: ["*"] });
    expect(check).toThrow(expect.objectContaining({ code: "invalid-tenant", outcome: "misconfigured" }));
    expect(check).not.toThrow(/c4n4ry/);
  }
});

describe("the home tenant of a source", () => {
  const env = { AZURE_TENANT_ID: "variable", TASK_TENANT: "task" };
  const application = { variables: ["AZURE_TENANT_ID"], required: true };
  const user = { otherwise: () => "organizations" };
  const task = { own: () => "task", variables: ["AZURE_TENANT_ID"] };
  const pipeline = { variables: ["UNSET_TENANT", "TASK_TENANT"] };

  it.each<[string, Given, string | undefined]>([
    ["its option before all else", { finds: task, home: "Option", tenantId: "config" }, "option"],
    ["what is its own before the config", { finds: task, tenantId: "config" }, "task"],
    ["the config before variables", { finds: application, tenantId: "config" }, "config"],
    ["variables that it declares, the first that is set", { finds: pipeline }, "task"],
    ["no variable that it does not declare", { finds: user }, "organizations"],
    [
      "null as its option ignores the config and variables",
      { finds: user, home: null, tenantId: "config" },
      "organizations",
    ],
    ["null as its option ignores its own tenant", { finds: task, home: null, tenantId: "config" }, undefined],
    ["null in the config is not filled by variables", { finds: pipeline, tenantId: null }, undefined],
    ["null in the config is not filled for users either", { finds: user, tenantId: null }, "organizations"],
    ["its option beside null in the config", { finds: application, home: "option", tenantId: null }, "option"],
  ])("the home tenant of a source is %s", (_, given, home) => {
    expect(homeOf({ ...given, env })).toBe(home);
  });

  it("an application whose tenant is null in the config is reported as incomplete", () => {
    expect(() => homeOf({ finds: application, tenantId: null, env })).toThrow(
      expect.objectContaining({
        code: "missing-tenant",
        outcome: "misconfigured",
        remedy: "Give it a `tenantId` of its own under `sources`, or remove the null from the config.",
      }),
    );
  });
});

describe("a source that has a tenant of its own", () => {
  it.each([
    ["an allowed one", { home: "home", allowed: ["x", "own"] }],
    ["an allowed one in other letters", { home: "home", allowed: ["OWN"] }],
    ["any, when all are allowed", { home: "home", allowed: ["*"] }],
  ])("a source with a tenant of its own accepts %s", (_, given) => {
    expect(ask("own", given)).toBe("own");
  });

  it.each([
    ["another", { home: "home" }],
    ["the config's, when it has its own", { home: "home", tenantId: "own" }],
    ["any, when it has none", {}],
    ["one that only looks like an allowed one", { home: "home", allowed: ["own.example", "ow*"] }],
  ])("a source with a tenant of its own refuses %s", (_, given) => {
    expect(() => ask("own", given)).toThrow(
      expect.objectContaining({ code: "tenant-not-allowed", outcome: "misconfigured", name: "AuthenticationError" }),
    );
  });

  it("the error lists the allowed tenants, and how to allow this one", () => {
    const refused = () => ask("own", { home: "home", allowed: ["second"] });
    expect(refused).toThrow("home, second");
    expect(refused).toThrow('Add "own" to `additionallyAllowedTenants`');
  });
});

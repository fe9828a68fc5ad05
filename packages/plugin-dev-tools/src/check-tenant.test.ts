import { expect, it } from "vitest";
import { jwt } from "../test/corpus/case.ts";
import { checkTenant } from "./check-tenant.ts";
import { azureCli } from "./sources/azure-cli.ts";
import type { Answer, AnyTool, Call } from "./tool.ts";

const [own, foreign] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const tool = { name: azureCli.name, title: "The Azure CLI", signIn: () => "az login" } as unknown as AnyTool;
const of = (tid: string) => jwt({ tid });

const check = (call: Partial<Call>, answer: Answer, more: { home?: string; needsProof?: boolean } = {}) =>
  checkTenant({ tool, call: call as Call, answer, home: more.home, needsProof: more.needsProof ?? false });

it.each<[string, Partial<Call>, Answer, { home?: string; needsProof?: boolean }?]>([
  ["of any tenant, when none was requested", {}, { token: of(foreign), tenantId: foreign }],
  ["that names the requested tenant", { tenantId: own }, { token: of(own), tenantId: own.toUpperCase() }],
  ["that names no tenant", { tenantId: own }, { token: "opaque" }],
  ["for a domain, which the tool has resolved", { tenantId: "contoso.com" }, { token: of(own), tenantId: own }],
  ["of the configured tenant's subscription", { subscription: "s" }, { token: "opaque", tenantId: own }, { home: own }],
  ["that proves its tenant", { tenantId: own }, { token: "opaque", tenantId: own }, { needsProof: true }],
  ["whose token proves its tenant", { tenantId: own }, { token: of(own) }, { needsProof: true }],
])("checkTenant accepts an answer %s", (_, call, answer, more) => {
  expect(() => check(call, answer, more)).not.toThrow();
});

it.each<[string, Partial<Call>, Answer, { home?: string; needsProof?: boolean }?]>([
  ["that names another tenant", { tenantId: own }, { token: "opaque", tenantId: foreign }],
  ["whose token names another tenant", { tenantId: own }, { token: of(foreign) }],
  ["whose token contradicts what is printed", { tenantId: own }, { token: of(foreign), tenantId: own }],
  ["of another tenant's subscription", { subscription: "s" }, { token: "opaque", tenantId: foreign }, { home: own }],
  ["that has to prove its tenant, and names none", { tenantId: own }, { token: "opaque" }, { needsProof: true }],
  ["that cannot be compared", { tenantId: "contoso.com" }, { token: of(own), tenantId: own }, { needsProof: true }],
])("checkTenant refuses an answer %s", (_, call, answer, more) => {
  expect(() => check(call, answer, more)).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "other-tenant" }),
  );
});

it("checkTenant begins its sentence with the tool", () => {
  expect(() => check({ tenantId: own }, { token: of(foreign) })).toThrow(
    `azure-cli: The Azure CLI returned a token of the tenant ${foreign}, not of ${own}. It was discarded.`,
  );
});

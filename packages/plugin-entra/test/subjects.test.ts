import { createTestContext } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";

interface Asked {
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly tenantId?: string;
}

const source = (name: string) => {
  const found = entra.sources.find((one) => one.name === name);
  return found ?? expect.fail(`There is no source ${name}.`);
};
const subjectOf = (name: string, { options = {}, env, tenantId }: Asked) =>
  source(name).subject(options as never, createTestContext({ ...(env && { env }), ...(tenantId && { tenantId }) }));

/** Each names another principal than the others of its source. */
const applications: readonly Asked[] = [
  { options: { clientId: "a", tenantId: "t" } },
  { options: { clientId: "b", tenantId: "t" } },
  { options: { clientId: "a", tenantId: "u" } },
  { options: { clientId: "a" }, tenantId: "config" },
  { options: { clientId: "a" }, env: { AZURE_TENANT_ID: "variable" } },
  { options: { clientId: 'a",', tenantId: '","t' } },
];
const sp = { AZURE_CLIENT_ID: "a", AZURE_TENANT_ID: "t", AZURE_CLIENT_SECRET: "canary" };
const user = { AZURE_CLIENT_ID: "a", AZURE_TENANT_ID: "t", AZURE_PASSWORD: "canary", AZURE_USERNAME: "ann" };
const connection = { AZURESUBSCRIPTION_CLIENT_ID: "task", AZURESUBSCRIPTION_TENANT_ID: "t" };
describe("two principals of one source never have the same subject:", () => {
  it.each<[string, readonly Asked[]]>([
    ["client-secret", applications],
    ["client-certificate", applications],
    ["client-assertion", applications],
    ["federated", applications],
    ["on-behalf-of", applications],
    ["github-actions", [...applications, { env: { AZURE_CLIENT_ID: "variable", AZURE_TENANT_ID: "t" } }]],
    [
      "azure-pipelines",
      [...applications, { env: connection }, { env: { ...connection, AZURESUBSCRIPTION_TENANT_ID: "u" } }],
    ],
    [
      "environment",
      [
        { env: sp },
        { env: { ...sp, AZURE_CLIENT_ID: "b" } },
        { env: { ...sp, AZURE_TENANT_ID: "u" } },
        { env: sp, tenantId: "config" },
        { env: user },
        { env: { ...user, AZURE_USERNAME: "bob" } },
      ],
    ],
  ])("%s", (name, asked) => {
    const subjects = asked.map((one) => subjectOf(name, one));
    expect(subjects.every((subject) => subject !== undefined && !subject.includes("canary"))).toBe(true);
    expect(new Set(subjects).size).toBe(asked.length);
  });

  it("the subjects of every source are tested", () => {
    // each source of the plugin is in the table above
    expect(entra.sources.map(({ name }) => name).sort()).toEqual([
      "azure-pipelines",
      "client-assertion",
      "client-certificate",
      "client-secret",
      "environment",
      "federated",
      "github-actions",
      "on-behalf-of",
    ]);
  });
});

it("a source without a known principal has no subject", () => {
  expect(subjectOf("client-secret", { options: { tenantId: "t" } })).toBeUndefined();
  expect(subjectOf("environment", { env: { AZURE_TENANT_ID: "t" } })).toBeUndefined();
});

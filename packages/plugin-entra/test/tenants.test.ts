import { createIdentity, type Identity } from "@azidentity/core";
import { createFakeHttp } from "@azidentity/core/testing";
import { errorOf, tokenAnswer } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";

const scope = "https://vault.azure.net/.default";
const env = { AZURE_TENANT_ID: "variable.example", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "canary-secret" };
const app = { clientId: "app", clientSecret: "canary-secret" };

/** An identity in that environment; Entra gives a token in whatever tenant. */
function identityWith(config: object) {
  const http = createFakeHttp(tokenAnswer());
  const identity: Identity = createIdentity({ config: false, plugins: [entra], ...config }, { env, http });
  const tenants = () => http.requests.map(({ url }) => new URL(url).pathname.split("/")[1]);
  return { identity, tenants };
}

it("AZURE_TENANT_ID is the tenant of every source of applications", () => {
  const others = entra.sources.filter(({ homeTenant }) => !homeTenant?.variables?.includes("AZURE_TENANT_ID"));
  expect(others).toEqual([]);
});

it("an application signs in to its own tenant, else to the config's, else to AZURE_TENANT_ID", async () => {
  const own = identityWith({ tenantId: "config.example" });
  await own.identity.credential("client-secret", { ...app, tenantId: "own.example" }).getToken(scope);
  await own.identity.credential("client-secret", app).getToken(scope);
  await own.identity.credential("environment").getToken(scope);
  expect(own.tenants()).toEqual(["own.example", "config.example", "config.example"]);
  const bare = identityWith({});
  await bare.identity.credential("client-secret", app).getToken(scope);
  await bare.identity.credential("environment").getToken(scope);
  expect(bare.tenants()).toEqual(["variable.example", "variable.example"]);
});

it.each([
  ["client-secret", app],
  ["environment", undefined],
])(
  "%s without a tenant fails where the config says `tenantId: null`, although AZURE_TENANT_ID is set",
  async (name, options) => {
    const { identity, tenants } = identityWith({ tenantId: null });
    const error = await errorOf(identity.credential(name, options).getToken(scope));
    expect(error).toMatchObject({ code: "missing-tenant", outcome: "misconfigured" });
    expect(tenants()).toEqual([]);
  },
);

describe("`tenantId: null` of a source", () => {
  const applications = entra.sources.filter(({ homeTenant, options }) => homeTenant?.required && options !== undefined);

  it.each(applications.map(({ name }) => name))(
    "`tenantId: null` of a source is refused by %s, which requires a tenant",
    async (name) => {
      const { identity } = identityWith({ tenantId: "config.example" });
      const error = await errorOf(identity.credential(name, { tenantId: null }).getToken(scope));
      expect(error).toMatchObject({ code: "invalid-option" });
      expect(error.remedy).toContain("Give `tenantId` a value, or leave it out.");
      const inConfig = identityWith({ sources: { [name]: { tenantId: null } } });
      expect(await errorOf(inConfig.identity.ready())).toMatchObject({ code: "invalid-option" });
    },
  );
});

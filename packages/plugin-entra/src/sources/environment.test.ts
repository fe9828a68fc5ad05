import { createIdentity } from "@azidentity/core";
import {
  homeTenantOf,
  type SourceContext,
  type SourceLookup,
  services,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { createTestRequest } from "@azidentity/core/testing";
import { errorOf, sourceContext } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../index.ts";
import { environment } from "./environment.ts";

const tenant = { AZURE_TENANT_ID: "contoso.com" };
const client = { AZURE_CLIENT_ID: "app" };
const secret = { AZURE_CLIENT_SECRET: "canary" };
const certificate = { AZURE_CLIENT_CERTIFICATE_PATH: "/app.pem" };
const federated = { AZURE_FEDERATED_TOKEN_FILE: "/token" };
const user = { AZURE_USERNAME: "ada@contoso.com" };
const password = { AZURE_PASSWORD: "canary-password" };

const scope = "https://vault.azure.net/.default";

/** A context's services: the look-up of sources alone. */
const serviceOf = (lookup: SourceLookup): SourceContext["service"] =>
  (async (token: symbol) => (token === services.sourceLookup ? lookup : undefined)) as SourceContext["service"];

type Variables = Readonly<Record<string, string>>;
const detect = (env: Variables) => environment.detect?.({}, sourceContext({ env }));
const failure = async (env: Variables) => {
  const ask = async () => (await environment.create({}, sourceContext({ env }))).getToken(createTestRequest());
  return errorOf(ask());
};

describe("a complete set of variables", () => {
  it.each([
    [{ ...tenant, ...client, ...secret }],
    [{ ...tenant, ...client, ...secret, ...certificate }],
    [{ ...tenant, ...client, ...secret, ...federated }],
    [{ ...tenant, ...client, ...secret, ...user, ...password }],
  ])("signs in by the secret: %j", async (env) => {
    expect(detect(env)?.state).toBe("ready");
    expect(await failure(env)).toMatchObject({ outcome: "unreachable" }); // it has asked the network
  });
});

describe("a set of variables for another source", () => {
  it.each([
    [{}],
    [{ ...tenant }],
    [{ ...client }],
    [{ ...tenant, ...client }],
    [{ ...tenant, ...client, ...federated }],
    [{ ...user }],
    [{ ...password }],
    [{ ...user, ...password }],
  ])("a set of variables for another source is left to others: %j", async (env: Variables) => {
    expect(detect(env)).toMatchObject({ state: "absent" });
    expect(await failure(env)).toMatchObject({ outcome: "not-configured", code: "not-configured" });
  });

  it("a set of variables for another source is explained with the source that reads it", () => {
    expect(detect(client)?.reason).toContain("managed identity");
    expect(detect({ ...tenant, ...client, ...federated })?.reason).toContain("workload identity");
  });
});

describe("an incomplete set of variables", () => {
  it.each([
    [{ ...secret }, ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"]],
    [{ ...secret, ...tenant }, ["AZURE_CLIENT_ID"]],
    [{ ...secret, ...client }, ["AZURE_TENANT_ID"]],
    [{ ...secret, ...client, ...federated }, ["AZURE_TENANT_ID"]],
    [{ ...certificate }, ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"]],
    [{ ...client, ...user, ...password }, ["AZURE_TENANT_ID"]],
  ])(
    "an incomplete set of variables stops the chain, and names what is missing: %j",
    async (env: Variables, missing) => {
      expect(detect(env)?.state).toBe("ready");
      const error = await failure(env);
      expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-environment" });
      for (const name of missing) expect(error.message).toContain(name);
      expect(error.message).not.toContain("canary");
    },
  );
});

describe("a set of variables with a certificate or a user", () => {
  it.each([
    [{ ...tenant, ...client, ...certificate }, "unreadable-certificate"],
    [{ ...tenant, ...client, ...certificate, ...user, ...password }, "unreadable-certificate"],
    [{ ...tenant, ...client, ...user, ...password }, "no-source-lookup"], // it looks for the source of users
  ])("a set of variables with a certificate or a user is meant for it: %j", async (env: Variables, code) => {
    expect(detect(env)?.state).toBe("ready");
    expect(await failure(env)).toMatchObject({ code });
  });
});

describe("environment with a user's name and password", () => {
  const env = { ...tenant, ...client, ...user, ...password };

  it("asks the source username-password, without a second cache", async () => {
    const calls: unknown[] = [];
    const requests: TokenRequest[] = [];
    const issued = { token: "token-of-ada", tokenType: "Bearer" as const, expiresOnTimestamp: 1 };
    const lookup: SourceLookup = {
      credential: (...call) => {
        calls.push(call);
        return {
          async getToken(request) {
            requests.push(request);
            return issued;
          },
        };
      },
    };
    const context = sourceContext({ env, service: serviceOf(lookup) });
    const request = createTestRequest({ tenantId: "fabrikam.com", claims: "{}", enableCae: true });
    expect(await (await environment.create({}, context)).getToken(request)).toBe(issued);
    expect(requests).toEqual([request]);
    expect(calls).toEqual([["username-password", expect.anything(), { cached: false }]]);
    expect(calls[0]).toMatchObject({
      1: {
        tenantId: "contoso.com",
        clientId: { env: "AZURE_CLIENT_ID" },
        username: { env: "AZURE_USERNAME" },
        password: { env: "AZURE_PASSWORD" },
      },
    });
  });

  it.each(["auto", "production"] as const)(
    "environment with a user's name and password stops the chain with the command that installs the source, in mode %s",
    async (mode) => {
      const follower = { getToken: () => expect.unreachable() };
      const chain = ["environment" as const, follower];
      const identity = createIdentity({ config: false, mode, plugins: [entra], chain }, { env });
      const error = await errorOf(identity.getToken(scope));
      expect(error).toMatchObject({ outcome: "misconfigured", code: "no-user-source" });
      expect(error.message).toMatch(/^environment: AZURE_USERNAME and AZURE_PASSWORD name a user/);
      expect(error.remedy).toContain("npm install @azidentity/plugin-users");
      expect(error.remedy).toContain('add "@azidentity/plugin-users"');
      expect(error.message).not.toContain("canary");
    },
  );
});

it("environment prefers the config's tenant to AZURE_TENANT_ID", () => {
  const defaults = { tenantId: "fabrikam.com", additionallyAllowedTenants: [] };
  const rule = environment.homeTenant ?? {};
  expect(homeTenantOf(rule, {}, sourceContext({ env: tenant, defaults }))).toBe("fabrikam.com");
  expect(homeTenantOf(rule, {}, sourceContext({ env: tenant }))).toBe("contoso.com");
});

it("environment accepts a tenant from the config only", () => {
  const defaults = { tenantId: "fabrikam.com", additionallyAllowedTenants: [] };
  const context = sourceContext({ env: { ...client, ...secret }, defaults });
  expect(environment.detect?.({}, context).state).toBe("ready");
});

it("environment names a misspelled variable as what is missing, and is skipped by a chain", () => {
  const env = { ...tenant, ...client, AZURE_CLIENT_SECERT: "canary" };
  const found = detect(env);
  expect(found).toMatchObject({
    state: "absent",
    isIncomplete: true,
    remedy: "AZURE_CLIENT_SECERT is set: rename it to AZURE_CLIENT_SECRET.",
  });
  expect(JSON.stringify(found)).not.toContain("canary");
});

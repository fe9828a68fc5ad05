import { homeTenantOf } from "@azidentity/core/plugin";
import { createFakeHttp } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { errorOf, sourceContext, tokenRequest } from "../../test/source-context.ts";
import { tenantA, userAnswer } from "../../test/user-answer.ts";
import { environment } from "./environment.ts";

const tenant = { AZURE_TENANT_ID: "contoso.com" };
const client = { AZURE_CLIENT_ID: "app" };
const secret = { AZURE_CLIENT_SECRET: "canary" };
const certificate = { AZURE_CLIENT_CERTIFICATE_PATH: "/app.pem" };
const federated = { AZURE_FEDERATED_TOKEN_FILE: "/token" };
const user = { AZURE_USERNAME: "ada@contoso.com" };
const password = { AZURE_PASSWORD: "canary-password" };

type Variables = Readonly<Record<string, string>>;
const detect = (env: Variables) => environment.detect?.({}, sourceContext({ env }));
const failure = async (env: Variables) => {
  const ask = async () => (await environment.create({}, sourceContext({ env }))).getToken(tokenRequest());
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
  ])("is left to others: %j", async (env: Variables) => {
    expect(detect(env)).toMatchObject({ state: "absent" });
    expect(await failure(env)).toMatchObject({ outcome: "not-configured", code: "not-configured" });
  });

  it("is explained with the source that reads it", () => {
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
  ])("stops the chain, and names what is missing: %j", async (env: Variables, missing) => {
    expect(detect(env)?.state).toBe("ready");
    const error = await failure(env);
    expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-environment" });
    for (const name of missing) expect(error.message).toContain(name);
    expect(error.message).not.toContain("canary");
  });
});

describe("a set of variables with a certificate or a user", () => {
  it.each([
    [{ ...tenant, ...client, ...certificate }, "unreadable-certificate"],
    [{ ...tenant, ...client, ...certificate, ...user, ...password }, "unreadable-certificate"],
    [{ ...tenant, ...client, ...user, ...password }, "unreachable"], // it has asked the network
  ])("is meant for it: %j", async (env: Variables, code) => {
    expect(detect(env)?.state).toBe("ready");
    expect(await failure(env)).toMatchObject({ code });
  });
});

it("environment signs a user in with username and password", async () => {
  const http = createFakeHttp(userAnswer({ name: "ada" }));
  const context = sourceContext({ env: { ...tenant, ...client, ...user, ...password }, http });
  const { principal } = await (await environment.create({}, context)).getToken(tokenRequest());
  expect(principal).toMatchObject({ tenantId: tenantA, clientId: "app", username: "ada@contoso.example" });
  expect(Object.fromEntries(new URLSearchParams(http.requests[0]?.body))).toMatchObject({
    grant_type: "password",
    username: "ada@contoso.com",
    password: "canary-password",
    client_id: "app",
  });
});

it("environment shows no password when it is refused", async () => {
  const body = JSON.stringify({
    error: "invalid_grant",
    error_description: "AADSTS50126: canary-password",
    error_codes: [50126],
  });
  const http = createFakeHttp({ status: 400, body });
  const context = sourceContext({ env: { ...tenant, ...client, ...user, ...password }, http });
  const error = await errorOf((await environment.create({}, context)).getToken(tokenRequest()));
  expect(error).toMatchObject({ outcome: "rejected", code: "user-refused" });
  expect(error.message).not.toContain("canary");
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

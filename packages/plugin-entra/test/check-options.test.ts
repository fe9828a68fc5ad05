import { createIdentity, type IdentityError } from "@azidentity/core";
import { thrownBy } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra from "../src/index.ts";

type Options = Readonly<Record<string, unknown>>;

const ids = { tenantId: "contoso.com", clientId: "app" };

const identityWith = (env: Record<string, string> = {}) =>
  createIdentity({ config: false, plugins: [entra] }, { env, http: { send: () => expect.unreachable() } });

it.each<[string, Options, string]>([
  ["client-secret", ids, "incomplete-options"],
  ["client-secret", { clientId: "app", clientSecret: "c4n4ry" }, "incomplete-options"],
  ["client-secret", {}, "not-configured"],
  ["client-secret", { ...ids, tenantId: "https://contoso.com", clientSecret: "c4n4ry" }, "invalid-tenant"],
  ["client-secret", { ...ids, clientSecert: "c4n4ry" }, "unknown-option"],
  ["client-secret", { ...ids, clientSecret: 5 }, "invalid-option"],
  ["client-certificate", ids, "incomplete-options"],
  ["client-certificate", { ...ids, certificatePath: "/app.pem", certificate: "c4n4ry" }, "conflicting-options"],
  ["client-certificate", { ...ids, signer: { sign: () => "" }, certificate: "c4n4ry" }, "conflicting-options"],
  ["client-certificate", { ...ids, signer: { sign: () => "" } }, "incomplete-options"],
  ["client-assertion", ids, "incomplete-options"],
  ["client-assertion", { ...ids, getAssertion: "c4n4ry" }, "invalid-option"],
  ["federated", ids, "incomplete-options"],
  ["federated", { ...ids, assertion: "managed-identiti" }, "unknown-source"],
  ["federated", { ...ids, assertion: { source: "managed-identity" } }, "unknown-source"],
  ["on-behalf-of", ids, "incomplete-options"],
  ["on-behalf-of", { ...ids, signer: { sign: () => "" } }, "incomplete-options"],
  ["on-behalf-of", { ...ids, clientSecret: "c4n4ry", getAssertion: () => "" }, "conflicting-options"],
  ["on-behalf-of", { ...ids, clientSecret: "c4n4ry", certificatePath: "/app.pem" }, "conflicting-options"],
  ["on-behalf-of", { ...ids, assertion: "managed-identity" }, "unknown-source"],
])("%s with %j is refused as %s by the check and by a request, before and after loading", async (name, given, code) => {
  const identity = identityWith();
  const asked = () => identity.credential(name as "client-secret", given);
  const check = () => thrownBy(() => identity.check(name as "client-secret", given as object));
  const early = check();
  const rejection = await (name === "on-behalf-of" ? asked().forUser("ann") : asked())
    .getToken("https://vault.azure.net/.default")
    .catch((error: IdentityError) => error);
  const [first, second] = [early, check()];
  for (const error of [first, rejection, second]) expect(error).toMatchObject({ code, name: early?.name });
  expect(second?.message).toBe(first?.message);
  expect(`${first?.message}${second?.message}`).not.toContain("c4n4ry");
});

it.each<[string, Options]>([
  ["client-secret", { ...ids, clientSecret: "s" }],
  ["client-certificate", { ...ids, certificatePath: "/nowhere.pem", certificate: "", signer: undefined }],
  ["client-assertion", { ...ids, getAssertion: () => "" }],
  ["federated", { ...ids, assertion: "client-secret" }],
  ["on-behalf-of", { ...ids, clientSecret: "s", certificatePath: undefined, getAssertion: undefined }],
  ["github-actions", {}],
  ["environment", {}],
])("%s with %j passes the check, whatever files and variables there are", async (name, given) => {
  const identity = identityWith();
  expect(thrownBy(() => identity.check(name as "client-secret", given as object))).toBeUndefined();
  await identity.ready();
  expect(thrownBy(() => identity.check(name as "client-secret", given as object))).toBeUndefined();
});

it("a tenant of the config or of a variable completes the options", () => {
  const options = { clientId: "app", clientSecret: "s" };
  const { check } = createIdentity({ config: false, plugins: [entra], tenantId: "contoso.com" }, { env: {} });
  expect(() => check("client-secret", options)).not.toThrow();
  expect(() => identityWith({ AZURE_TENANT_ID: "contoso.com" }).check("client-secret", options)).not.toThrow();
  expect(() => identityWith({ AZIDENTITY_TENANT_ID: "contoso.com" }).check("client-secret", options)).not.toThrow();
});

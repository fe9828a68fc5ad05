import { expect, it } from "vitest";
import { emptyCompletingVariables, readAzureVariables, readEnvironment } from "./azure-variables.ts";

const names = [
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_FEDERATED_TOKEN_FILE",
  "AZURE_PASSWORD",
  "AZURE_USERNAME",
] as const;

/** Every combination of the variables. */
const sets = Array.from({ length: 2 ** names.length }, (_, bits) =>
  Object.fromEntries(names.filter((_, index) => bits & (1 << index)).map((name) => [name, `canary-${name}`])),
);

it.each(sets)("readAzureVariables reads %o in one way and shows no value", (env) => {
  const { reading, missing, explanation } = readAzureVariables(env);
  const has = (name: (typeof names)[number]) => env[name] !== undefined;
  const user = has("AZURE_PASSWORD") && has("AZURE_USERNAME") && has("AZURE_CLIENT_ID");
  const proves = has("AZURE_CLIENT_SECRET") || has("AZURE_CLIENT_CERTIFICATE_PATH") || user;
  const ids = has("AZURE_TENANT_ID") && has("AZURE_CLIENT_ID");
  expect(explanation).not.toContain("canary");
  if (proves) expect(reading).toBe(ids ? "service-principal" : "incomplete");
  else if (has("AZURE_FEDERATED_TOKEN_FILE")) expect(reading).toBe(ids ? "workload-identity" : "incomplete");
  else expect(reading).toBe(has("AZURE_CLIENT_ID") ? "managed-identity" : "none");
  expect(missing.length > 0).toBe(reading === "incomplete");
});

it("readAzureVariables prefers a secret, then a certificate, a password and a token file, as the Azure SDKs do", () => {
  const all = Object.fromEntries(names.map((name) => [name, "x"]));
  expect(readAzureVariables(all).proof).toBe("secret");
  expect(readAzureVariables({ ...all, AZURE_CLIENT_SECRET: undefined }).proof).toBe("certificate");
  expect(
    readAzureVariables({ AZURE_FEDERATED_TOKEN_FILE: "x", AZURE_TENANT_ID: "x", AZURE_CLIENT_ID: "x" }).proof,
  ).toBe("token-file");
});

it.each([
  ["AZURE_CLIENT_SECERT", "AZURE_CLIENT_SECRET"],
  ["AZURE_CLIENTSECRET", "AZURE_CLIENT_SECRET"],
  ["azure_client_secret", "AZURE_CLIENT_SECRET"],
  ["AZURE_CLIENT_CERT_PATH", undefined],
  ["AZURE_SUBSCRIPTION_ID", undefined],
  ["AZURE_CLIENT_CERTIFICATE_PASSWORD", undefined],
])("readAzureVariables takes %s beside a tenant and a client id for %s", (set, meant) => {
  const { reading, misspelling } = readAzureVariables({ AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c", [set]: "x" });
  expect(reading).toBe("managed-identity");
  expect(misspelling).toEqual(meant === undefined ? undefined : { set, meant });
});

it("readAzureVariables takes a misspelled tenant for the one that a secret lacks", () => {
  const env = { AZURE_TENANTID: "t", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "s" };
  expect(readAzureVariables(env)).toMatchObject({
    reading: "incomplete",
    misspelling: { set: "AZURE_TENANTID", meant: "AZURE_TENANT_ID" },
  });
});

it("readAzureVariables does not say that AZURE_CLIENT_ID is alone where a tenant is set, too", () => {
  expect(readAzureVariables({ AZURE_CLIENT_ID: "c" }).explanation).toContain("Only AZURE_CLIENT_ID is set");
  const { explanation } = readAzureVariables({ AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t" });
  expect(explanation).toBe("AZURE_CLIENT_ID and AZURE_TENANT_ID are set, but no secret, certificate or token file.");
});

it("a tenant alone names no identity", () => {
  expect(readAzureVariables({ AZURE_TENANT_ID: "t" }).reading).toBe("none");
});

it.each(["AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD"])(
  "an empty %s beside the other variables of a user makes the user incomplete",
  (name) => {
    const user = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c", AZURE_USERNAME: "u", AZURE_PASSWORD: "p" };
    for (const empty of ["", " "]) {
      const env = { ...user, [name]: empty };
      expect(emptyCompletingVariables(env)).toEqual([name]);
      expect(readAzureVariables(env)).toMatchObject({ reading: "incomplete", proof: "password", empty: [name] });
    }
  },
);

it("readEnvironment omits empty variables and keeps blank ones", () => {
  expect(readEnvironment({ A: "1", B: "", C: undefined, D: " " })).toEqual({ A: "1", D: " " });
});

it("readEnvironment keeps an empty or blank variable beside those that it completes as an empty text", () => {
  const ids = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c" };
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: "" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: " \n" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" })).toEqual({});
  expect(readEnvironment({ IDENTITY_ENDPOINT: "", IDENTITY_HEADER: "" })).toEqual({});
});

it("readEnvironment returns a frozen copy", () => {
  const live: NodeJS.ProcessEnv = { A: "1" };
  const env = readEnvironment(live);
  live.A = "2";
  expect(env.A).toBe("1");
  expect(() => Object.assign(env, { A: "3" })).toThrow(TypeError);
});

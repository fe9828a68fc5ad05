import { expect, it } from "vitest";
import { createDoctorContext } from "../../../test/doctor-context.ts";
import { halfSet, variables } from "./variables.ts";

const of = (env: Readonly<Record<string, string>>) => variables(createDoctorContext({ context: { env } }));
const ids = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c" };

it("no variables, a service principal, and a managed identity are fine", async () => {
  expect(await of({})).toEqual([{ state: "ok", sentence: "No AZURE_* variable names an identity." }]);
  expect(await of({ ...ids, AZURE_CLIENT_SECRET: "s3cret" })).toMatchObject([{ state: "ok" }]);
  expect(await of({ AZURE_CLIENT_ID: "c" })).toEqual([
    { state: "ok", sentence: "Only AZURE_CLIENT_ID is set, so it names a user-assigned managed identity." },
  ]);
});

it.each([
  [{ AZURE_CLIENT_SECRET: "s3cret", AZURE_CLIENT_ID: "c" }, "problem", "Set AZURE_TENANT_ID, or unset the others."],
  [{ AZURE_CLIENT_SECRET: "s3cret" }, "problem", "Set AZURE_TENANT_ID and AZURE_CLIENT_ID, or unset the others."],
  [ids, "warning", "Set AZURE_CLIENT_SECRET for a service principal, or unset AZURE_TENANT_ID."],
  [{ ...ids, AZURE_CLIENT_SECRT: "s3cret" }, "warning", "Did you mean AZURE_CLIENT_SECRET?"],
])("variables that are half set say which are missing: %j", async (env, state, remedy) => {
  expect(await of(env)).toMatchObject([{ state, remedy, code: halfSet }]);
});

it("a variable that is set but empty is a problem, and no value is shown", async () => {
  const found = await of({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(found).toMatchObject([{ state: "problem", subject: "AZURE_CLIENT_SECRET", code: "empty-variable" }]);
  expect(JSON.stringify(await of({ AZURE_CLIENT_SECRET: "s3cret" }))).not.toContain("s3cret");
});

it.each([
  ["IDENTITY_HEADER", "IDENTITY_ENDPOINT"],
  ["MSI_SECRET", "MSI_ENDPOINT"],
  ["AZD_AUTH_KEY", "AZD_AUTH_ENDPOINT"],
  ["AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PATH"],
])("%s without %s is a warning, and with it none", async (name, needs) => {
  const ofName = (found: readonly { readonly subject?: string }[]) => found.filter(({ subject }) => subject === name);
  expect(ofName(await of({ [name]: "x" }))).toMatchObject([
    { state: "warning", remedy: `Set ${needs}, or unset ${name}.` },
  ]);
  expect(ofName(await of({ [name]: "x", [needs]: "y" }))).toEqual([]);
});

it("half a pair is fine where an option of the source has the other half", async () => {
  const context = { env: { AZIDENTITY_RELAY_KEY: "k" } };
  expect(await variables(createDoctorContext({ context }))).toHaveLength(2);
  const settings = { sources: { relay: { url: "http://127.0.0.1:4000" } } };
  expect(await variables(createDoctorContext({ context, inspection: { settings } }))).toHaveLength(1);
});

it("AZURE_TOKEN_CREDENTIALS is shown with the sources that it selects", async () => {
  const chain = [{ name: "azure-cli", kind: "developer" } as const];
  const context = createDoctorContext({ context: { env: { AZURE_TOKEN_CREDENTIALS: "dev" } }, inspection: { chain } });
  expect((await variables(context))[1]?.sentence).toBe("AZURE_TOKEN_CREDENTIALS selects azure-cli.");
});

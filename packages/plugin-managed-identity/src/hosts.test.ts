import { expect, it } from "vitest";
import { fakeMachine } from "../test/support.ts";
import { findHost } from "./hosts.ts";

const endpoint = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/canary" };
const header = { IDENTITY_HEADER: "canary" };
const thumbprint = { IDENTITY_SERVER_THUMBPRINT: "canary" };
const msi = { MSI_ENDPOINT: "http://127.0.0.1:2/canary" };
const secret = { MSI_SECRET: "canary" };
const arc = { IMDS_ENDPOINT: "http://127.0.0.1:40342" };
const find = (env: Readonly<Record<string, string>>, machine = fakeMachine()) => findHost(undefined, env, machine);

it.each([
  ["service-fabric", { ...endpoint, ...header, ...thumbprint }],
  ["service-fabric", { ...endpoint, ...header, ...thumbprint, ...msi, ...secret }],
  ["app-service", { ...endpoint, ...header }],
  ["app-service", { ...endpoint, ...header, ...msi, ...secret }],
  ["app-service", { ...endpoint, ...header, ...arc }],
  ["azure-ml", { ...msi, ...secret, DEFAULT_IDENTITY_CLIENT_ID: "id" }],
  ["azure-ml", { ...msi, ...secret, ...endpoint }],
  ["cloud-shell", { ...msi }],
  ["azure-arc", { ...endpoint, ...arc }],
  ["imds", { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:3" }],
])("findHost selects by variables %s from %o", (name, env) => {
  const { host, evidence } = find(env as unknown as Readonly<Record<string, string>>);
  expect(host.name).toBe(name);
  expect(evidence).not.toContain("canary");
});

it("findHost guesses the metadata service where no variable is set", () => {
  expect(find({})).toMatchObject({ host: { name: "imds" }, evidence: undefined });
});

it.each([
  ["linux", "/opt/azcmagent/bin/himds", {}],
  ["win32", "C:\\Program Files\\AzureConnectedMachineAgent\\himds.exe", {}],
  ["win32", "D:\\Programs\\AzureConnectedMachineAgent\\himds.exe", { ProgramFiles: "D:\\Programs" }],
])("findHost detects the agent of Azure Arc on %s: %s", (platform, file, env) => {
  const machine = fakeMachine({ platform, files: [file] });
  expect(find(env as Record<string, string>, machine).host.name).toBe("azure-arc");
  expect(find({ ...env, ...endpoint } as Record<string, string>, machine).host.name).toBe("azure-arc");
});

it.each([
  [{ ...endpoint }],
  [{ ...endpoint, ...thumbprint }],
  [{ ...endpoint, ...secret }],
  [{ ...arc }],
  [{ ...arc, ...header }],
])("findHost names the variables of an unknown combination: %o", (env) => {
  const attempt = () => find(env as unknown as Readonly<Record<string, string>>);
  expect(attempt).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "unknown-host" }));
  for (const name of Object.keys(env)) expect(attempt).toThrow(new RegExp(`\\b${name}\\b`));
  expect(attempt).not.toThrow(/canary/);
});

it.each([
  [{ ...header }, "IDENTITY_HEADER is set"],
  [{ ...secret }, "MSI_SECRET is set"],
  [{ ...header, ...thumbprint }, "IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT are set"],
  [
    { IDENTITY_API_VERSION: "2019-07-01-preview", ...header, ...thumbprint },
    "IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT are set",
  ],
])("findHost selects the metadata service where variables name no endpoint: %o", (env, evidence) => {
  const found = find(env as unknown as Readonly<Record<string, string>>);
  expect(found.host.name).toBe("imds");
  expect(found.evidence).toBe(`${evidence}. No variable names an endpoint.`);
});

it("the option `source` selects the host and requires its variables", () => {
  expect(findHost("imds", { ...endpoint, ...header }, fakeMachine()).host.name).toBe("imds");
  expect(findHost("azure-ml", { ...endpoint, ...header, ...msi, ...secret }, fakeMachine()).host.name).toBe("azure-ml");
  expect(() => findHost("app-service", { ...endpoint }, fakeMachine())).toThrow(
    expect.objectContaining({ code: "incomplete-environment", message: expect.stringContaining("IDENTITY_HEADER") }),
  );
});

import { inspect } from "node:util";
import { expect, it, vi } from "vitest";
import { Credential } from "../src/credentials/base.ts";
import * as library from "../src/index.ts";
import { atEmulator, scope, withEmulator } from "./emulator.ts";

const emulator = withEmulator();
const secret = "c4n4ry-secret";

/** Arguments with a secret in every place that takes one. */
const argumentsOf: Readonly<Record<string, (tenantId: string, clientId: string) => readonly unknown[]>> = {
  AuthorizationCodeCredential: (tenant, id) => [tenant, id, secret, secret, "http://localhost"],
  AzureCliCredential: () => [],
  AzureDeveloperCliCredential: () => [],
  AzurePipelinesCredential: (tenant, id) => [tenant, id, "connection", secret],
  AzurePowerShellCredential: () => [],
  ChainedTokenCredential: (tenant, id) => [new library.ClientSecretCredential(tenant, id, secret)],
  ClientAssertionCredential: (tenant, id) => [tenant, id, async () => secret],
  ClientCertificateCredential: (tenant, id) => [tenant, id, { certificate: secret, certificatePassword: secret }],
  ClientSecretCredential: (tenant, id) => [tenant, id, secret],
  DefaultAzureCredential: () => [],
  DeviceCodeCredential: (tenantId, clientId) => [{ tenantId, clientId }],
  EnvironmentCredential: () => [],
  InteractiveBrowserCredential: (tenantId, clientId) => [{ tenantId, clientId }],
  ManagedIdentityCredential: () => [],
  OnBehalfOfCredential: (tenantId, clientId) => [
    { tenantId, clientId, clientSecret: secret, userAssertionToken: secret },
  ],
  UsernamePasswordCredential: (tenant, id) => [tenant, id, "ann@contoso.com", secret],
  VisualStudioCodeCredential: () => [],
  WorkloadIdentityCredential: (tenantId, clientId) => [{ tenantId, clientId, tokenFilePath: "/no/such/file" }],
};

function printed(value: unknown): string {
  return inspect(value, { showHidden: true, depth: Number.POSITIVE_INFINITY, customInspect: false });
}

it("every class of a credential is printed by these tests", () => {
  const classes = Object.entries(library).filter(([, one]) => Object(one).prototype instanceof Credential);
  const printed: unknown[] = Object.keys(argumentsOf).map((name) => Object(library)[name]);
  expect(classes.filter(([, one]) => !printed.includes(one))).toEqual([]); // aliases are the same classes
});

it.each(Object.keys(argumentsOf))("%s shows no secret when it is printed with hidden properties", (name) => {
  vi.stubEnv("AZURE_CLIENT_ID", emulator().application.clientId);
  vi.stubEnv("AZURE_TENANT_ID", emulator().tenantId);
  vi.stubEnv("AZURE_CLIENT_SECRET", secret);
  vi.stubEnv("SYSTEM_OIDCREQUESTURI", "https://dev.azure.com/");
  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", "/no/such/file");
  const { tenantId, application } = emulator();
  const Class = Object(library)[name] as new (...args: readonly unknown[]) => object;
  const credential = new Class(...(argumentsOf[name]?.(tenantId, application.clientId) ?? []));
  expect(printed(credential)).toContain(name);
  expect(printed(credential)).not.toContain("c4n4ry");
});

it("a credential with a token shows neither the secret nor the token when it is printed with hidden properties", async () => {
  const { tenantId, application } = emulator();
  const { clientId, clientSecret } = application;
  const credential = new library.ClientSecretCredential(tenantId, clientId, clientSecret, atEmulator(emulator()));
  const { token } = await credential.getToken(scope);
  await credential.getToken(scope);
  expect(printed(credential)).not.toContain(clientSecret);
  expect(printed(credential)).not.toContain(token);
});

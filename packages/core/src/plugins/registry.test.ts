import { expect, it } from "vitest";
import { serviceToken } from "../contract/context.ts";
import { definePlugin, defineSource } from "../options/define-options.ts";
import { createRegistry } from "./registry.ts";

const source = (name: string) =>
  defineSource({
    name,
    kind: "developer",
    tenantPolicy: "any",
    subject: () => name,
    create: () => expect.fail("no token was requested"),
  });
const first = definePlugin({ name: "first", sources: [source("my-cli"), source("my-vault")] });
const second = definePlugin({ name: "second", sources: [source("my-other")] });

it("a registry has the sources and services of all plugins in order", () => {
  const provider = { token: serviceToken<number>("registry-test"), name: "p", create: () => 1 };
  const registry = createRegistry([first, definePlugin({ name: "services", services: [provider] }), second]);
  expect(registry.sources.map(({ name }) => name)).toEqual(["my-cli", "my-vault", "my-other"]);
  expect(registry.services).toEqual([provider]);
  expect(registry.source("my-vault")).toBe(first.sources[1]);
});

it("a registry refuses a source that two plugins have and names both", () => {
  const thief = definePlugin({ name: "thief", sources: [source("my-cli")] });
  const create = () => createRegistry([first, thief]);
  expect(create).toThrow(expect.objectContaining({ code: "duplicate-source" }));
  expect(create).toThrow(/thief and first .*"my-cli"/);
});

it("an unknown source is refused with a suggestion", () => {
  const ask = () => createRegistry([first]).source("my-clo", "chain.0");
  expect(ask).toThrow(expect.objectContaining({ code: "unknown-source", path: "chain.0" }));
  expect(ask).toThrow('Did you mean "my-cli"?');
});

it("the name of a class of the Azure SDKs is refused with the source that it stands for", () => {
  const managedIdentity = definePlugin({ name: "hosts", sources: [source("azure-cli"), source("managed-identity")] });
  const ask = (name: string) => () => createRegistry([managedIdentity]).source(name);
  expect(ask("AzureCliCredential")).toThrow('Did you mean "azure-cli"?');
  expect(ask("ManagedIdentityCredential")).toThrow('Did you mean "managed-identity"?');
});

it.each([
  ["client-secret", "@azidentity/plugin-entra"],
  ["username-password", "@azidentity/plugin-users"],
  ["managed-identity", "@azidentity/plugin-managed-identity"],
  ["azure-cli", "@azidentity/plugin-dev-tools"],
  ["visual-studio-code", "@azidentity/plugin-broker"],
])("the remedy for the missing source %s names %s", (name, packageName) => {
  expect(() => createRegistry([]).source(name)).toThrow(
    `Install it: npm install ${packageName}. If the config has \`plugins\`, add "${packageName}" there.`,
  );
});

it.each([
  ["ManagedIdentityCredential", "managed-identity", "@azidentity/plugin-managed-identity"],
  ["ClientSecretCredential", "client-secret", "@azidentity/plugin-entra"],
  ["azureCli", "azure-cli", "@azidentity/plugin-dev-tools"],
])("the remedy for %s names the source %s and the plugin that has it: %s", (name, source, packageName) => {
  expect(() => createRegistry([first]).source(name)).toThrow(
    `Its name is "${source}". Install it: npm install ${packageName}.`,
  );
});

it.each(["DefaultAzureCredential", "ChainedTokenCredential"])("the remedy for %s is the identity itself", (name) => {
  expect(() => createRegistry([first]).source(name)).toThrow("Use the identity itself");
});

it("the remedy for a source that the loaded plugin does not have yet updates the plugin", () => {
  const older = definePlugin({ name: "@azidentity/plugin-entra", sources: [] });
  expect(() => createRegistry([older]).source("client-secret")).toThrow(
    "Update it: npm install @azidentity/plugin-entra@latest",
  );
});

it("a registry without sources refuses any name, even that of an inherited member", () => {
  expect(() => createRegistry([]).source("constructor")).toThrow("None is available.");
});

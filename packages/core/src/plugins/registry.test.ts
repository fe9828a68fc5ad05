import { expect, it } from "vitest";
import { serviceToken } from "../contract/service-token.ts";
import { definePlugin, defineSource } from "../options/define-plugin.ts";
import { createRegistry } from "./registry.ts";

const source = (name: string) =>
  defineSource({
    name,
    kind: "developer",
    tenantPolicy: "any",
    subject: () => name,
    create: () => expect.fail("nobody asked for a token"),
  });
const first = definePlugin({ name: "first", sources: [source("my-cli"), source("my-vault")] });
const second = definePlugin({ name: "second", sources: [source("my-other")] });

it("holds the sources and services of all plugins, in order", () => {
  const provider = { token: serviceToken<number>("registry-test"), name: "p", create: () => 1 };
  const registry = createRegistry([first, definePlugin({ name: "services", services: [provider] }), second]);
  expect(registry.sources.map(({ name }) => name)).toEqual(["my-cli", "my-vault", "my-other"]);
  expect(registry.services).toEqual([provider]);
  expect(registry.source("my-vault")).toBe(first.sources[1]);
});

it("refuses a source that two plugins bring, and names both", () => {
  const thief = definePlugin({ name: "thief", sources: [source("my-cli")] });
  const create = () => createRegistry([first, thief]);
  expect(create).toThrow(expect.objectContaining({ code: "duplicate-source" }));
  expect(create).toThrow(/thief and first .*"my-cli"/);
});

it("does not know a source that nobody brings, and suggests the one that was meant", () => {
  const ask = () => createRegistry([first]).source("my-clo", "chain.0");
  expect(ask).toThrow(expect.objectContaining({ code: "unknown-source", path: "chain.0" }));
  expect(ask).toThrow('Did you mean "my-cli"?');
});

it.each([
  ["client-secret", "@azidentity/plugin-entra"],
  ["managed-identity", "@azidentity/plugin-managed-identity"],
  ["azure-cli", "@azidentity/plugin-dev-tools"],
  ["visual-studio-code", "@azidentity/plugin-broker"],
])("says that %s is in %s", (name, packageName) => {
  expect(() => createRegistry([]).source(name)).toThrow(packageName);
});

it("says that there is none when there is none, even of what every object inherits", () => {
  expect(() => createRegistry([]).source("constructor")).toThrow("None is available.");
});

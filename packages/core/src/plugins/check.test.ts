import { describe, expect, it } from "vitest";
import { services } from "../contract/services.ts";
import { checkPlugin } from "./check.ts";

const source = {
  name: "my-source",
  kind: "deployed",
  tenantPolicy: "any",
  subject: () => "me",
  create: () => ({ getToken: () => undefined }),
};
const plugin = { name: "my-plugin", contract: 1, sources: [source] };
const service = { token: Symbol.for("x"), name: "mine", create: () => ({}) };

it("checkPlugin accepts a plugin with sources, with services, or with neither", () => {
  expect(checkPlugin(plugin, "origin")).toEqual(plugin);
  expect(checkPlugin({ name: "p", contract: 1, services: [service] }, "origin")).toMatchObject({ services: [service] });
  expect(checkPlugin({ name: "p", contract: 1 }, "origin")).toEqual({ name: "p", contract: 1 });
});

it("checkPlugin names a plugin without a name by its origin", () => {
  expect(checkPlugin({ contract: 1 }, "./plugin.js").name).toBe("./plugin.js");
});

describe("a value that is not a plugin", () => {
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a function", () => plugin],
    ["a text", "p"],
    ["{}", {}],
    ["[]", []],
  ])("a value that is not a plugin is refused, with what to write: %s", (_, value) => {
    const check = () => checkPlugin(value, "./plugin.js");
    expect(check).toThrow(expect.objectContaining({ code: "invalid-plugin" }));
    expect(check).toThrow(/\.\/plugin\.js.*definePlugin/);
  });
});

it("a store that `defineTokenStore` did not make is refused, with what to make it with", () => {
  const store = { ...service, token: services.tokenStore };
  const check = () => checkPlugin({ ...plugin, services: [store] }, "origin");
  const remedy = expect.stringContaining("`defineTokenStore` of @azidentity/core/store");
  expect(check).toThrow(expect.objectContaining({ code: "invalid-plugin", remedy }));
  expect(check).toThrow('my-plugin is not valid: the store "mine"');
});

it("the remedy for the module of a plugin is to pass its default export", () => {
  expect(() => checkPlugin({ default: plugin }, "origin")).toThrow(/module of a plugin.*\.default/);
});

it.each([
  [0, "Update my-plugin."],
  [2, "Update @azidentity/core."],
  ["1", "Update my-plugin."],
])("checkPlugin refuses contract %j, names the plugin and says what to update", (contract, remedy) => {
  const check = () => checkPlugin({ ...plugin, contract }, "origin");
  expect(check).toThrow(expect.objectContaining({ code: "plugin-contract", remedy }));
  expect(check).toThrow(`my-plugin was written for contract ${contract}`);
});

const wrongSource = (part: object) => ({ ...plugin, sources: [{ ...source, ...part }] });
const wrong: readonly (readonly [string, object, string])[] = [
  ["sources that are no list", { ...plugin, sources: {} }, "`sources`"],
  ["services that are no list", { ...plugin, services: "x" }, "`services`"],
  ["a source that is no object", { ...plugin, sources: [undefined] }, "not an object"],
  ["a source without a name", wrongSource({ name: undefined }), "kebab-case"],
  ["a source name in capitals", wrongSource({ name: "MySource" }), '"MySource"'],
  ["a source name with a dot", wrongSource({ name: "my.source" }), '"my.source"'],
  ["a source without a kind", wrongSource({ kind: undefined }), 'the kind of "my-source"'],
  ["a kind of its own", wrongSource({ kind: "magic" }), "deployed, developer, interactive"],
  ["a source without a tenant policy", wrongSource({ tenantPolicy: undefined }), 'the tenantPolicy of "my-source"'],
  ["a source without subject", wrongSource({ subject: undefined }), "subject()"],
  ["a source without create", wrongSource({ create: {} }), "create()"],
  ["a service without a token", { ...plugin, services: [{ ...service, token: "x" }] }, "token"],
  ["a service without create", { ...plugin, services: [{ ...service, create: undefined }] }, '"mine" has no create()'],
];
it.each(wrong)("checkPlugin refuses %s and names the plugin and the fault", (_, value, fault) => {
  const check = () => checkPlugin(value, "origin");
  expect(check).toThrow(expect.objectContaining({ code: "invalid-plugin" }));
  expect(check).toThrow("my-plugin");
  expect(check).toThrow(fault);
});

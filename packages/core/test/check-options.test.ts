import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import { defineOptions, definePlugin, defineSource } from "@azidentity/core/plugin";
import { describe, expect, it, vi } from "vitest";

const create = vi.fn(() => expect.unreachable());
const detect = vi.fn(() => expect.unreachable());
const source = defineSource({
  name: "thing",
  kind: "deployed",
  tenantPolicy: "allow-list",
  options: defineOptions(
    {
      tenantId: { type: "string" },
      key: { type: "string", required: true, secret: true, form: { pattern: /^[a-z]+$/, expected: "small letters" } },
      path: { type: "string" },
      text: { type: "string", nullable: true },
    },
    { exclusive: [["path", "text"]] },
  ),
  detect,
  subject: () => "s",
  create,
});
const tool = defineSource({ name: "tool", kind: "developer", tenantPolicy: "any", subject: () => "s", create });
const plugin = definePlugin({ name: "p", sources: [source, tool] });
const setUp = (config: object = {}, env: Record<string, string> = {}) =>
  createIdentity({ config: false, plugins: [plugin], ...config }, { env });
const refusal = (code: string) => expect.objectContaining({ code });

describe("before anything is loaded", () => {
  it.each([
    ["unknown-source", "thnig", {}],
    ["unknown-option", "thing", { key: "k", pth: "x" }],
    ["invalid-option", "thing", { key: 5 }],
    ["invalid-option", "thing", { key: "K" }],
    ["invalid-option", "thing", {}],
    ["invalid-option", "thing", { key: null }],
    ["conflicting-options", "thing", { key: "k", path: "x", text: "y" }],
    ["conflicting-options", "thing", { key: "k", path: "x", text: null }],
    ["invalid-tenant", "thing", { key: "k", tenantId: "https://contoso.com" }],
    ["invalid-argument", "thing", null],
    ["invalid-argument", "thing", "x"],
    ["invalid-argument", "thing", ["x"]],
    ["invalid-argument", undefined, {}],
    ["invalid-argument", null, {}],
    ["invalid-argument", 5, {}],
    ["invalid-argument", {}, {}],
  ])("the check throws %s for %j with %j, as a request rejects", async (code, name, options) => {
    const identity = setUp();
    expect(() => identity.check(name as "thing", options as never)).toThrow(refusal(code));
    const asked = async () => identity.credential(name as "thing", options as never).getToken("s");
    await expect(asked()).rejects.toEqual(refusal(code));
    expect(() => identity.check(name as "thing", options as never)).toThrow(refusal(code));
    expect(create).not.toHaveBeenCalled();
  });

  it.each([
    [{ key: "k" }],
    [{ key: "k", path: "x", text: "" }],
    [{ key: "k", path: "x", text: undefined, tenantId: undefined }],
    [{ key: { env: "KEY" }, path: { file: "/nowhere" } }],
  ])("the check accepts %j, and looks at no variable and no file", (options) => {
    expect(() => setUp().check("thing", options as never)).not.toThrow();
    expect(detect).not.toHaveBeenCalled();
  });

  it("a getter that throws is what the check throws, and options that contain themselves are refused", () => {
    const raised = new TypeError("no");
    const options = Object.defineProperty({ key: "k" }, "path", {
      enumerable: true,
      get() {
        throw raised;
      },
    });
    expect(() => setUp().check("thing", options)).toThrow(raised);
    const circular: Record<string, unknown> = { key: "k" };
    circular.text = circular;
    expect(() => setUp().check("thing", circular as never)).toThrow(refusal("invalid-argument"));
  });

  it("the options that are checked are not changed", () => {
    const options = Object.freeze({ key: "k", path: undefined });
    setUp().check("thing", options);
    expect(options).toStrictEqual({ key: "k", path: undefined });
  });

  it("settings of a config in code complete the options, and an option replaces them", () => {
    const identity = setUp({ sources: { thing: { key: "k", path: "x", priority: 5 } } });
    expect(() => identity.check("thing")).not.toThrow();
    expect(() => identity.check("thing", { text: "y" } as never)).toThrow(refusal("conflicting-options"));
    expect(() => identity.check("thing", { key: "K" })).toThrow(refusal("invalid-option"));
  });

  it("what a profile or a config file may add is not missing yet", () => {
    const profiles = { local: { sources: { thing: { key: "k" } } } };
    expect(() => setUp({ profiles }).check("thing", {} as never)).not.toThrow();
    expect(() => setUp({ config: undefined }).check("thing", {} as never)).not.toThrow();
    expect(() => setUp({ config: undefined }).check("thing", { key: 5 } as never)).toThrow(refusal("invalid-option"));
  });

  it.each([undefined, ["@azidentity/plugin-nowhere"], [plugin, "@azidentity/plugin-nowhere"]])(
    "plugins that are found by name have to be loaded first: %j",
    (plugins) => {
      const identity = createIdentity({ config: false, plugins }, { env: {} });
      expect(() => identity.check("other")).toThrow(
        expect.objectContaining({ code: "not-loaded", remedy: expect.stringContaining("await identity.ready()") }),
      );
    },
  );

  it("plugins and settings of `defaults` are known, also where a config file may add others", () => {
    const defaults = { plugins: [plugin], sources: { thing: { key: "k" } } };
    const identity = createIdentity({ defaults }, { env: {} });
    expect(() => identity.check("thing", { text: "x" } as never)).not.toThrow();
    expect(() => identity.check("thing", { key: 5 } as never)).toThrow(refusal("invalid-option"));
    expect(() => identity.check("other")).toThrow(refusal("not-loaded"));
    const inCode = createIdentity({ config: false, defaults }, { env: {} });
    expect(() => inCode.check("other")).toThrow(refusal("unknown-source"));
  });

  it("settings and variables of an identity that comes from another one are known, too", async () => {
    const { check } = setUp().with({ tenantId: "https://contoso.com", sources: { thing: { path: "x" } } });
    expect(() => check("thing", { key: "k", text: "y" })).toThrow(refusal("conflicting-options"));
    expect(() => check("thing", { key: "k" })).toThrow(refusal("invalid-tenant"));
    const other = setUp({ sources: { thing: { key: "k" } } }).with({ tenantId: "contoso.com" });
    expect(() => other.check("thing")).not.toThrow();
    await other.ready();
    expect(() => other.check("thing")).not.toThrow();
    expect(() => other.check("thing", { key: 5 } as never)).toThrow(refusal("invalid-option"));
  });

  it("the plugins of an identity that is loaded are known to those that come from it, which are not", async () => {
    const identity = createIdentity({ defaults: { plugins: [plugin] } }, { env: {} });
    const { check } = identity.with({}).with({ sources: { thing: { path: "x" } } });
    expect(() => check("other")).toThrow(refusal("not-loaded"));
    await identity.ready();
    expect(() => check("other")).toThrow(refusal("unknown-source"));
    expect(() => check("thing", { key: 5 })).toThrow(refusal("invalid-option"));
    expect(() => check("thing", { key: "k" })).not.toThrow();
  });

  it("the tenant of AZIDENTITY_TENANT_ID is that of the identity whose config it belongs to", async () => {
    const needsTenant = defineSource({
      name: "thing",
      kind: "deployed",
      tenantPolicy: "allow-list",
      requireOptions(_, { defaults }) {
        if (defaults.tenantId === undefined) throw new TypeError("no tenant");
      },
      subject: () => "s",
      create,
    });
    const plugins = [definePlugin({ name: "p", sources: [needsTenant] })];
    const variables = { AZIDENTITY_TENANT_ID: "contoso.com" };
    const has = setUp({ plugins }, variables).with({}, { env: {} });
    const hasNot = setUp({ plugins }).with({}, { env: variables });
    for (const when of ["early", "loaded"]) {
      expect(() => has.check("thing"), when).not.toThrow();
      expect(() => hasNot.check("thing"), when).toThrow("no tenant");
      await Promise.all([has.ready(), hasNot.ready()]);
    }
  });

  it("a source that the mode excludes, and a plugin that is none, are refused", () => {
    expect(() => setUp({ mode: "production" }).check("tool")).toThrow(refusal("unknown-source"));
    expect(() => setUp({ plugins: [{}] }).check("thing")).toThrow(refusal("invalid-plugin"));
  });
});

describe("once the config is loaded", () => {
  const folder = mkdtempSync(join(tmpdir(), "check-"));
  const configFile = join(folder, "azidentity.config.json");

  it("options of a config file complete those of the check, and references are resolved", async () => {
    writeFileSync(configFile, JSON.stringify({ sources: { thing: { key: { env: "KEY" } } } }));
    const identity = createIdentity({ plugins: [plugin], configFile }, { env: { KEY: "k" } });
    expect(() => identity.check("thing", {} as never)).not.toThrow();
    await identity.ready();
    expect(() => identity.check("thing", {} as never)).not.toThrow();
    expect(() => identity.check("thing", { key: { env: "NONE" } } as never)).toThrow(refusal("missing-reference"));
  });

  it("a missing option is missing then", async () => {
    writeFileSync(configFile, "{}");
    const identity = createIdentity({ plugins: [plugin], configFile }, { env: {} });
    expect(() => identity.check("thing", {} as never)).not.toThrow();
    await identity.ready();
    expect(() => identity.check("thing", {} as never)).toThrow(refusal("invalid-option"));
  });

  it("the tenant of the config is checked, too", async () => {
    writeFileSync(configFile, JSON.stringify({ tenantId: "https://contoso.com" }));
    const identity = createIdentity({ plugins: [plugin], configFile }, { env: {} });
    await identity.ready();
    expect(() => identity.check("thing", { key: "k" })).toThrow(refusal("invalid-tenant"));
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { ConfigurationError } from "../contract/errors.ts";
import { parseConfig } from "./parse.ts";
import { configFields } from "./schema.ts";

it("returns the very config when it is right", () => {
  const config = {
    $schema: "x",
    plugins: ["a", { name: "b", contract: 1 }],
    chain: ["azure-cli", { source: "client-secret", options: { tenantId: "t" } }, { getToken: async () => null }],
    chains: { ci: ["azure-cli"] },
    sources: { "azure-cli": { enabled: false, priority: 1, deadlineMs: 5, own: { any: "thing" } } },
    mode: "production",
    cloud: "china",
    cache: { store: false, maxEntries: 1, own: true },
    policy: { "azure-cli": { rejected: "stop" } },
    expect: { tenantId: "t" },
    profiles: { dev: { mode: "development" } },
  };
  expect(parseConfig(config, undefined)).toBe(config);
  expect(parseConfig({}, undefined)).toEqual({});
});

const wrong: readonly (readonly [string, unknown, string, string])[] = [
  ["a text", "tenantId", "invalid-config", ""],
  ["a list", [], "invalid-config", ""],
  ["null", null, "invalid-config", ""],
  ["a wrong type", { tenantId: 1 }, "invalid-config", "tenantId"],
  ["an unknown key", { tenantid: "t" }, "unknown-key", "tenantid"],
  ["an unknown key inside", { log: { lvl: "info" } }, "unknown-key", "log.lvl"],
  ["a word that is not of the list", { mode: "prod" }, "invalid-config", "mode"],
  ["a wrong entry of a chain", { chain: ["a", 1] }, "invalid-config", "chain.1"],
  ["a wrong entry of a named chain", { chains: { ci: [1] } }, "invalid-config", "chains.ci.0"],
  ["a wrong setting of a source", { sources: { x: { enabled: "no" } } }, "invalid-config", "sources.x.enabled"],
  ["a wrong setting in a profile", { profiles: { a: { mode: 1 } } }, "invalid-config", "profiles.a.mode"],
  ["a profile in a profile", { profiles: { a: { profiles: {} } } }, "unknown-key", "profiles.a.profiles"],
  ["a policy for what always ends", { policy: { x: { cancelled: "next" } } }, "unknown-key", "policy.x.cancelled"],
  ["what every object inherits", JSON.parse('{"__proto__":{}}'), "unknown-key", "__proto__"],
];
it.each(wrong)("refuses %s", (_, value, code, path) => {
  const parse = () => parseConfig(value, "/p/azidentity.config.json");
  expect(parse).toThrow(expect.objectContaining({ code, path, file: "/p/azidentity.config.json" }));
});

it("suggests the key that was meant, and names the file or says that there is none", () => {
  expect(() => parseConfig({ tenantid: "t" }, "/p/c.json")).toThrow(
    /^\/p\/c\.json is not valid:.*Did you mean "tenantId"\?/s,
  );
  expect(() => parseConfig({ tenantid: "t" }, undefined)).toThrow("the config given in code");
});

it("lists everything that is wrong at once, and shows no values", () => {
  const parse = () => parseConfig({ tenantId: ["c4n4ry"], mode: "c4n4ry", sourses: {} }, undefined);
  expect(parse).toThrow(/tenantId: .*\n.*mode: .*\n.*sourses: /);
  expect(parse).not.toThrow(/c4n4ry/);
});

it("throws nothing but a ConfigurationError, whatever stands in a file", () => {
  const keys = fc.oneof(fc.constantFrom(...Object.keys(configFields)), fc.string());
  const value = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(keys, fc.jsonValue()),
    fc.dictionary(keys, fc.dictionary(keys, fc.jsonValue())),
  );
  fc.assert(
    fc.property(value, (one) => {
      try {
        expect(parseConfig(one, "file")).toBe(one);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error).toMatchObject({ file: "file", code: expect.stringMatching(/^(invalid-config|unknown-key)$/) });
      }
    }),
  );
});

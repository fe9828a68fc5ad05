import fc from "fast-check";
import { expect, it } from "vitest";
import { ConfigurationError } from "../errors/errors.ts";
import { parseConfig } from "./parse.ts";
import { configFields } from "./schema.ts";

it("parseConfig returns a valid config itself", () => {
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
  ["a value that is not in the list", { mode: "prod" }, "invalid-config", "mode"],
  ["a wrong entry of a chain", { chain: ["a", 1] }, "invalid-config", "chain.1"],
  ["a typo in an entry of a chain", { chain: [{ sorce: "a" }] }, "unknown-key", "chain.0.sorce"],
  ["a typo beside the name", { chain: [{ source: "a", optons: {} }] }, "unknown-key", "chain.0.optons"],
  ["an entry without a name", { chain: [{}] }, "invalid-config", "chain.0.source"],
  ["null in a chain", { chain: [null] }, "invalid-config", "chain.0"],
  ["a deadline that no timer holds", { sources: { x: { deadlineMs: 3e9 } } }, "invalid-config", "sources.x.deadlineMs"],
  ["a fraction of a retry", { http: { retry: { maxRetries: 1.5 } } }, "invalid-config", "http.retry.maxRetries"],
  ["a deadline of nothing", { sources: { x: { deadlineMs: 0 } } }, "invalid-config", "sources.x.deadlineMs"],
  ["a cache of less than nothing", { cache: { maxEntries: -1 } }, "invalid-config", "cache.maxEntries"],
  ["a store that is just switched on", { cache: { store: true } }, "invalid-config", "cache.store"],
  ["a profile that chooses another", { profiles: { a: { profile: "b" } } }, "unknown-key", "profiles.a.profile"],
  ["a wrong entry of a named chain", { chains: { ci: [1] } }, "invalid-config", "chains.ci.0"],
  ["a wrong setting of a source", { sources: { x: { enabled: "no" } } }, "invalid-config", "sources.x.enabled"],
  ["a wrong setting in a profile", { profiles: { a: { mode: 1 } } }, "invalid-config", "profiles.a.mode"],
  ["a profile in a profile", { profiles: { a: { profiles: {} } } }, "unknown-key", "profiles.a.profiles"],
  ["a policy for what always ends", { policy: { x: { cancelled: "next" } } }, "unknown-key", "policy.x.cancelled"],
  ["what every object inherits", JSON.parse('{"__proto__":{}}'), "unknown-key", "__proto__"],
];
it.each(wrong)("parseConfig refuses %s", (_, value, code, path) => {
  const parse = () => parseConfig(value, "/p/azidentity.config.json");
  expect(parse).toThrow(expect.objectContaining({ code, path, file: "/p/azidentity.config.json" }));
});

/**
 * A list of lists of lists, each the same one ten times: a few lines of YAML for ten billion
 * values.
 */
const bomb = () => Array.from({ length: 10 }).reduce<unknown>((inner) => Array(10).fill(inner), "x");
const circle = () => {
  const one: Record<string, unknown> = {};
  one.self = one;
  return one;
};
it.each([
  ["multiplies itself", { sources: { a: { b: bomb() } } }],
  ["multiplies itself in a chain", { chain: bomb() }],
  ["contains itself", { sources: { a: circle() } }],
  ["contains itself in an entry", { chain: [{ source: "a", options: circle() }] }],
  ["has twenty thousand members", Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n]))],
])("parseConfig refuses what %s", (_, config) => {
  expect(() => parseConfig(config, "/p/c.yaml")).toThrow(
    expect.objectContaining({ code: "invalid-config", file: "/p/c.yaml" }),
  );
});

it("parseConfig does not check the content of plugins and credentials", () => {
  const credential = { getToken: async () => null, ...circle() };
  const config = { plugins: [{ name: "p", contract: 1, ...circle() }], chain: [credential] };
  expect(parseConfig(config, undefined)).toBe(config);
});

it("parseConfig lists twenty mistakes and counts the others", () => {
  const parse = () => parseConfig(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n])), undefined);
  expect(parse).toThrow("and 30 more");
});

it("parseConfig suggests the similar key, and names the file if there is one", () => {
  expect(() => parseConfig({ tenantid: "t" }, "/p/c.json")).toThrow(
    /^\/p\/c\.json is not valid:.*Did you mean "tenantId"\?/s,
  );
  expect(() => parseConfig({ tenantid: "t" }, undefined)).toThrow("The config given in code");
});

it("parseConfig lists all mistakes at once, without values", () => {
  const parse = () => parseConfig({ tenantId: ["c4n4ry"], mode: "c4n4ry", sourses: {} }, undefined);
  expect(parse).toThrow(/tenantId: .*\n.*mode: .*\n.*sourses: /);
  expect(parse).not.toThrow(/c4n4ry/);
});

it("parseConfig throws nothing but a ConfigurationError, whatever a file contains", () => {
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

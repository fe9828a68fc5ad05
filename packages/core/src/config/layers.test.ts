import { expect, it } from "vitest";
import type { IdentityConfig } from "./define.ts";
import { layerConfigs, selectProfile } from "./layers.ts";

it("the first layer takes precedence, and the others fill its gaps", () => {
  const layers: IdentityConfig[] = [
    { tenantId: "given" },
    { tenantId: "file", cloud: "china" },
    { mode: "production" },
  ];
  expect(layerConfigs(layers)).toEqual({ tenantId: "given", cloud: "china", mode: "production" });
});

it("a cloud replaces the authority host of the layers below it, and not that of its own or above", () => {
  const authorityHost = "https://login.contoso.com";
  expect(layerConfigs([{ cloud: "china" }, { authorityHost }])).toEqual({ cloud: "china" });
  expect(layerConfigs([{ cloud: "china", authorityHost }])).toEqual({ cloud: "china", authorityHost });
  expect(layerConfigs([{ authorityHost }, { cloud: "china" }])).toEqual({ cloud: "china", authorityHost });
});

it("undefined counts as a gap, false and an empty list count as values", () => {
  const above: IdentityConfig = { tenantId: undefined, allowInlineSecrets: false, chain: [] };
  const below: IdentityConfig = { tenantId: "file", allowInlineSecrets: true, chain: ["a"] };
  expect(layerConfigs([above, below])).toEqual({ tenantId: "file", allowInlineSecrets: false, chain: [] });
});

it("layers merge the settings of each source", () => {
  const above: IdentityConfig = { sources: { a: { priority: 1 }, c: { enabled: true } } };
  const below: IdentityConfig = { sources: { a: { priority: 9, deadlineMs: 5 }, b: { enabled: false } } };
  expect(layerConfigs([above, below]).sources).toEqual({
    a: { priority: 1, deadlineMs: 5 },
    b: { enabled: false },
    c: { enabled: true },
  });
});

it("layers merge named chains, log and http member by member, and replace a chain as a whole", () => {
  const above: IdentityConfig = { chains: { a: ["x"] }, log: { level: "info" }, chain: ["x"] };
  const below: IdentityConfig = {
    chains: { a: ["y", "z"], b: ["y"] },
    log: { level: "debug", allowLoggingAccountIdentifiers: true },
    chain: ["y", "z"],
  };
  expect(layerConfigs([above, below])).toEqual({
    chains: { a: ["x"], b: ["y"] },
    log: { level: "info", allowLoggingAccountIdentifiers: true },
    chain: ["x"],
  });
});

it("layerConfigs changes none of its arguments", () => {
  const below: IdentityConfig = { sources: { a: { priority: 9 } } };
  layerConfigs([{ sources: { a: { priority: 1 } } }, below]);
  expect(below).toEqual({ sources: { a: { priority: 9 } } });
});

it("layers drop the options of a store when another one is chosen", () => {
  const below: IdentityConfig = { cache: { store: "redis", url: "u", maxEntries: 5 } };
  expect(layerConfigs([{ cache: { store: "file" } }, below]).cache).toEqual({ store: "file", maxEntries: 5 });
  expect(layerConfigs([{ cache: { url: "v" } }, below]).cache).toEqual({ store: "redis", url: "v", maxEntries: 5 });
});

const withProfiles = { profile: "own", profiles: { own: { tenantId: "own" }, asked: { tenantId: "asked" } } };

it("selectProfile returns the requested profile, else that of the config, else none", () => {
  expect(selectProfile(withProfiles, "asked", undefined)).toEqual({ tenantId: "asked" });
  expect(selectProfile(withProfiles, undefined, undefined)).toEqual({ tenantId: "own" });
  expect(selectProfile({ profiles: withProfiles.profiles }, undefined, undefined)).toEqual({});
});

it.each(["askd", "constructor"])("selectProfile refuses the unknown profile %s", (name) => {
  const select = () => selectProfile(withProfiles, name, "/p/c.json");
  expect(select).toThrow(expect.objectContaining({ code: "unknown-profile", file: "/p/c.json", path: "profiles" }));
});

it("selectProfile suggests a similar name", () => {
  expect(() => selectProfile(withProfiles, "askd", undefined)).toThrow('Did you mean "asked"?');
});

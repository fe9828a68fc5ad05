import { expect, it } from "vitest";
import type { IdentityConfig } from "./define.ts";
import { layerConfigs } from "./layers.ts";

it("lets the first layer win, and the others fill its gaps", () => {
  const layers: IdentityConfig[] = [
    { tenantId: "given" },
    { tenantId: "file", cloud: "china" },
    { mode: "production" },
  ];
  expect(layerConfigs(layers)).toEqual({ tenantId: "given", cloud: "china", mode: "production" });
});

it("takes undefined for a gap, and false and an empty list for what they are", () => {
  const above: IdentityConfig = { tenantId: undefined, allowInlineSecrets: false, chain: [] };
  const below: IdentityConfig = { tenantId: "file", allowInlineSecrets: true, chain: ["a"] };
  expect(layerConfigs([above, below])).toEqual({ tenantId: "file", allowInlineSecrets: false, chain: [] });
});

it("merges the settings of each source", () => {
  const above: IdentityConfig = { sources: { a: { priority: 1 }, c: { enabled: true } } };
  const below: IdentityConfig = { sources: { a: { priority: 9, deadlineMs: 5 }, b: { enabled: false } } };
  expect(layerConfigs([above, below]).sources).toEqual({
    a: { priority: 1, deadlineMs: 5 },
    b: { enabled: false },
    c: { enabled: true },
  });
});

it("merges named chains, log and http member by member, and replaces a chain as a whole", () => {
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

it("changes none of its layers", () => {
  const below: IdentityConfig = { sources: { a: { priority: 9 } } };
  layerConfigs([{ sources: { a: { priority: 1 } } }, below]);
  expect(below).toEqual({ sources: { a: { priority: 9 } } });
});

it("leaves the options of one store behind when another is chosen", () => {
  const below: IdentityConfig = { cache: { store: "redis", url: "u", maxEntries: 5 } };
  expect(layerConfigs([{ cache: { store: "file" } }, below]).cache).toEqual({ store: "file", maxEntries: 5 });
  expect(layerConfigs([{ cache: { url: "v" } }, below]).cache).toEqual({ store: "redis", url: "v", maxEntries: 5 });
});

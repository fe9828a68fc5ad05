import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { siteLink } from "./links.ts";

const root = resolve(import.meta.dirname, "../..");

describe("siteLink", () => {
  it.each([
    ["docs/azid.md", "errors.md#outcomes", "/errors.md#outcomes"],
    ["docs/recipes/redis.md", "../configuration.md", "/configuration.md"],
    ["docs/architecture.md", "decisions/README.md", "/decisions/index.md"],
    ["docs/broker.md", "../examples/desktop-broker", "/examples/desktop-broker.md"],
    ["docs/caching.md", "../packages/plugin-cache-persist", "/packages/plugin-cache-persist.md"],
    ["docs/caching.md", "../bench/results/results.md", "/measured.md"],
    ["docs/caching.md", "../api/core.plugin.api.md", "/api/core/plugin.md"],
    ["docs/recipes/refused-token.md", "../../README.md#use", "/start.md#use"],
    ["docs/architecture.md", "../README.md", "/index.md"],
    ["website/pages/packages/index.md", "docs/azid.md", "/azid.md"],
    ["website/pages/index.md", "#use", "/start.md#use"],
    ["docs/errors.md", "#outcomes", "#outcomes"],
    ["docs/errors.md", "https://www.npmjs.com/", "https://www.npmjs.com/"],
  ])("in %s, the link %s leads to %s", (file, link, expected) => {
    expect(siteLink(file, link, { root })).toBe(expected);
  });

  it("a link to a file that is no page leads to the repository where that is published, and is no link else", () => {
    expect(siteLink("docs/caching.md", "../package.json", { root, url: "https://git.test/blob/main" })).toBe(
      "https://git.test/blob/main/package.json",
    );
    expect(siteLink("docs/caching.md", "../package.json", { root })).toBeUndefined();
  });

  it("a link to what does not exist fails the build, and the message names its file", () => {
    expect(() => siteLink("docs/caching.md", "cash.md", { root })).toThrow(/^docs\/caching\.md links to cash\.md/);
  });
});

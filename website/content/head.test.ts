import { describe, expect, it } from "vitest";
import { headOf, siteAddress } from "./head.ts";

const page = { page: "recipes/redis.md", title: "Redis · azidentity", description: "Tokens as passwords." };

describe("siteAddress", () => {
  it("without a value the site has no address", () => {
    expect(siteAddress(undefined)).toBeUndefined();
    expect(siteAddress("")).toBeUndefined();
  });

  it("the address of a site is that of a folder", () => {
    expect(siteAddress("https://docs.example.com")?.href).toBe("https://docs.example.com/");
    expect(siteAddress("https://docs.example.com/azidentity")?.href).toBe("https://docs.example.com/azidentity/");
  });

  it.each([
    "docs.example.com",
    "ftp://docs.example.com",
    "https://docs.example.com/?a=1",
    "https://docs.example.com/#a",
  ])("the address %s of a site is refused with one that would do", (text) => {
    expect(() => siteAddress(text)).toThrow("https://docs.example.com/azidentity/");
  });
});

describe("headOf", () => {
  it("a page has its canonical address only where the site has one", () => {
    expect(headOf(page, siteAddress("https://docs.example.com/x"))).toContainEqual([
      "link",
      { rel: "canonical", href: "https://docs.example.com/x/recipes/redis.html" },
    ]);
    expect(JSON.stringify(headOf(page, undefined))).not.toMatch(/canonical|og:url/);
  });

  it("the canonical address of an index is its folder", () => {
    const links = headOf({ ...page, page: "recipes/index.md" }, siteAddress("https://docs.example.com"));
    expect(links).toContainEqual(["link", { rel: "canonical", href: "https://docs.example.com/recipes/" }]);
  });

  it("a program that shows a link to a page finds its title and description", () => {
    const head = headOf(page, undefined);
    expect(head).toContainEqual(["meta", { property: "og:title", content: page.title }]);
    expect(head).toContainEqual(["meta", { property: "og:description", content: page.description }]);
  });

  it("the page for addresses that do not exist is in no search engine", () => {
    expect(headOf({ ...page, page: "404.md" }, siteAddress("https://docs.example.com"))).toEqual([
      ["meta", { name: "robots", content: "noindex" }],
    ]);
  });
});

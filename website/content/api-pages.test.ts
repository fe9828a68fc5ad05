/** The pages of the API, from the declarations that `pnpm build` has written. */
import { globSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { apiPages } from "./api-pages.ts";

const root = resolve(import.meta.dirname, "../..");

describe("the pages of the API", () => {
  let pages: ReadonlyMap<string, string>;
  beforeAll(() => {
    pages = apiPages(root);
  });
  const page = (file: string) => pages.get(`api/${file}.api.md`) ?? "";
  /** From a heading to the next one. */
  const section = (file: string, name: string) =>
    new RegExp(`^##+ .* \\{#${name}\\}\\n(.*?)(?=^##+ |(?![^]))`, "ms").exec(page(file))?.[1] ?? "";

  it("each page of api/ has one, with one main heading", () => {
    expect([...pages.keys()].sort()).toEqual(globSync("api/*.api.md", { cwd: root }).sort());
    for (const text of pages.values()) expect(text.match(/^# /gm)).toHaveLength(1);
  });

  it("a page begins with what the entry point is for, and a table of its exports", () => {
    expect(page("core.plugin")).toMatch(/^# @azidentity\/core\/plugin\n\nFor authors of plugins: /);
    expect(page("core.index")).toContain("| [`createIdentity`](#createIdentity) | Makes an identity. |");
  });

  it("an export has meaning, signature, and how it fails, with links to the codes of errors", () => {
    const text = section("core.index", "Identity");
    expect(text).toContain("the default chain as a [`TokenCredential`](#TokenCredential)");
    expect(text).toContain("\n    close(): Promise<void>;\n");
    expect(text).toContain('<a id="Identity.close"></a>`close()`: Ends everything under way');
    expect(text).toMatch(/Throws \[`ConfigurationError`\]\(#ConfigurationError\): .*\(\/errors\.md#unknown-source\)/);
  });

  it("members of an object inside a type stand below it", () => {
    expect(section("core.index", "IdentityConfig")).toMatch(/^ {2}- <a id="IdentityConfig\.http\.caFile">/m);
  });

  it("a plugin leads to the options of its sources, and its long type is folded", () => {
    const text = section("plugin-dev-tools.index", "devTools");
    expect(text).toContain("[`azure-cli`](/configuration.md#azure-cli)");
    expect(text).toContain("Also exported as `default`.");
    expect(text).toMatch(/<details>.*CredentialSource<"azure-cli"/s);
  });

  it("a type of another page is a link to it, and not repeated", () => {
    expect(page("core.inspect")).toContain("(/api/core/index.md#IdentityConfig)");
    expect(page("core.inspect")).not.toContain("{#IdentityConfig}");
  });

  it("no two headings of a page have the same anchor", () => {
    for (const [file, text] of pages) {
      const anchors = [...text.matchAll(/^#+ .* \{#(.*)\}$/gm)].map(([, anchor]) => anchor);
      expect(anchors.length, file).toBe(new Set(anchors).size);
    }
  });
});

import { expect, it } from "vitest";
import { fillPage } from "./fill-page.ts";

it("a generated part replaces the old one, and nothing else", () => {
  const page = "before\n<!-- generated: a -->\nold\n<!-- /generated -->\nafter";
  expect(fillPage("page.md", page, new Map([["a", "new"]]))).toBe(
    "before\n<!-- generated: a -->\n\nnew\n\n<!-- /generated -->\nafter",
  );
  expect(() => fillPage("page.md", page, new Map([["b", "new"]]))).toThrow("page.md has no place");
});

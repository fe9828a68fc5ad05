import { describe, expect, it } from "vitest";
import { descriptionOf } from "./description.ts";

describe("descriptionOf", () => {
  it("the first paragraph is the description, without its Markdown and without comments before it", () => {
    const page = "# Title\n\n<!-- Generated. -->\n\nA `source_name` is\n_one_ of [these](x.md#y).\n\nMore.";
    expect(descriptionOf(page)).toBe("A source_name is one of these.");
  });

  it("a long paragraph is cut after a sentence, or else after a word", () => {
    expect(descriptionOf(`${"a".repeat(90)}. ${"b".repeat(90)}.`)).toBe(`${"a".repeat(90)}.`);
    expect(descriptionOf(`one ${"word ".repeat(60)}`)).toMatch(/^one (word )+…$/);
  });

  it("a paragraph that introduces what follows ends as a sentence", () => {
    expect(descriptionOf("# Title\n\nThese fields:\n\n- one")).toBe("These fields.");
  });

  it("a page that begins with code, a list, a table or a section has none", () => {
    for (const first of ["```sh\nx\n```", "- item", "| a | b |", "1. first", "## Section"])
      expect(descriptionOf(`# Title\n\n${first}\n\nText.`)).toBeUndefined();
  });
});

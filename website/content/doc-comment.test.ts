import { describe, expect, it } from "vitest";
import { linkedText, parseDocComment } from "./doc-comment.ts";

const links = {
  name: (name: string) => ({ Identity: "#Identity", "Identity.close": "#Identity.close" })[name],
  codes: new Set(["closed", "unknown-source"]),
};

describe("parseDocComment", () => {
  it("a comment is divided into its text and its tags", () => {
    const comment = [
      "Ends everything.",
      "",
      "Waits 5 s.",
      "@param name of the source:",
      "  its own",
      "@returns nothing",
      "@throws {AbortError} `closed`",
      "@throws {TypeError}",
      "@example",
      "await identity.close();",
    ].join("\n");
    expect(parseDocComment(comment)).toEqual({
      text: "Ends everything.\n\nWaits 5 s.",
      parameters: [["name", "of the source: its own"]],
      returns: "nothing",
      throws: ["{AbortError} `closed`", "{TypeError}"],
      examples: ["await identity.close();"],
      deprecated: undefined,
    });
  });

  it("an @ within a line is no tag", () => {
    expect(parseDocComment("Of `@azidentity/core`, e.g.\nann@contoso.com.").text).toContain("ann@contoso.com.");
  });
});

describe("linkedText", () => {
  it("names of exports and their members are links, other names are not", () => {
    expect(linkedText("See `Identity.close`, {@link Identity} and `other`.", links)).toBe(
      "See [`Identity.close`](#Identity.close), [`Identity`](#Identity) and `other`.",
    );
  });

  it("a code of an error is a link where it cannot be another word", () => {
    expect(linkedText("`closed` or `unknown-source`", links)).toBe(
      "`closed` or [`unknown-source`](/errors.md#unknown-source)",
    );
    expect(linkedText("`closed`", links, true)).toBe("[`closed`](/errors.md#closed)");
  });

  it("the path of a document is a link to its page", () => {
    expect(linkedText("(docs/errors.md)", links)).toBe("([errors](/errors.md))");
  });

  it("what looks like HTML is text", () => {
    expect(linkedText("a Promise<void>, `<SOURCE>`", links)).toBe("a Promise&lt;void>, `<SOURCE>`");
  });
});

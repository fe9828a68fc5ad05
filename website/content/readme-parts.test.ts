import { describe, expect, it } from "vitest";
import { insertReadmeParts } from "./readme-parts.ts";

const readme = `# name

\`\`\`sh
npm install it
\`\`\`

## Use

\`\`\`sh
# no heading
\`\`\`

### In detail

Text.

## Else
`;

describe("insertReadmeParts", () => {
  it("a section goes to the next heading, whatever its level, and code has no headings", () => {
    expect(insertReadmeParts("Before\n\n<!-- README: Use -->\n\nAfter", readme)).toBe(
      "Before\n\n## Use\n\n```sh\n# no heading\n```\n\nAfter",
    );
    expect(insertReadmeParts("<!-- README: In detail -->", readme)).toBe("### In detail\n\nText.");
    expect(insertReadmeParts("<!-- README: text of In detail -->", readme)).toBe("Text.");
  });

  it("a part by its name is the one that the README begins with", () => {
    expect(insertReadmeParts("<!-- README: install -->", readme)).toBe("```sh\nnpm install it\n```");
  });

  it("a section or part that the README no longer has is reported by its name", () => {
    expect(() => insertReadmeParts("<!-- README: Gone -->", readme)).toThrow('no heading "Gone"');
    expect(() => insertReadmeParts("<!-- README: first token -->", readme)).toThrow("no program");
    expect(() => insertReadmeParts("<!-- README: figures -->", readme)).toThrow("no figure");
  });
});

/** Each decision has a date, a status, and what would change it; the index lists all of them. */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Decision {
  readonly title: string;
  readonly body: string;
}

const pages = globSync(["docs/decisions/*.md", "packages/*/docs/decisions.md"], { exclude: ["**/README.md"] });

function decisionsOf(page: string): Decision[] {
  const [, ...sections] = readFileSync(page, "utf8").split(/^## /m);
  return sections.map((section) => {
    const [title = "", ...body] = section.split("\n");
    return { title, body: body.join("\n").trim() };
  });
}

/** What a decision lacks; an empty list for a complete one. */
function missingFrom({ title, body }: Decision): string[] {
  const rules = {
    "a title like `subject: what was decided`": /^[^:]+: \S/.test(title),
    "a first line like `2026-11-29 · in force`": /^20\d\d-\d\d-\d\d · (in force|superseded by .+)\n/.test(body),
    "a reason": body.split(/\n\n/).length >= 3,
    "a last paragraph `**What would change it:** …`": /\n\n\*\*What would change it:\*\* [^\n]+(?:\n[^\n]+)*$/.test(
      body,
    ),
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
}

it("a decision without date and reason is reported", () => {
  const body = "Because.\n\n**What would change it:** a reason.";
  expect(missingFrom({ title: "PKCS#12", body })).toEqual([
    "a title like `subject: what was decided`",
    "a first line like `2026-11-29 · in force`",
    "a reason",
  ]);
});

it.each(pages)("every decision in %s is complete", (page) => {
  const decisions = decisionsOf(page);
  expect(decisions.length).toBeGreaterThan(1);
  const incomplete = decisions.map((one) => [one.title, missingFrom(one)]).filter(([, missing]) => missing?.length);
  expect(incomplete).toEqual([]);
});

it("the index of decisions lists every decision once", () => {
  const index = readFileSync("docs/decisions/README.md", "utf8");
  const listed = [...index.matchAll(/^- \[(.*)\]\(/gm)].map(([, title]) => title);
  const titles = pages.flatMap((page) => decisionsOf(page).map(({ title }) => title));
  expect([...listed].sort()).toEqual([...titles].sort());
});

import { expect, it } from "vitest";
import { headingAnchor } from "./heading-anchor.ts";

it.each([
  ["`mode` and `expect`: which principals are acceptable", "mode-and-expect-which-principals-are-acceptable"],
  ["Why not `@azure/identity`?", "why-not-azureidentity"],
  ["2 of 7 — naïve_name", "2-of-7--naïve_name"],
])('the anchor of "%s" is that of GitHub', (heading, anchor) => {
  expect(headingAnchor(heading)).toBe(anchor);
});

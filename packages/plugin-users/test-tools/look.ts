import { mkdirSync } from "node:fs";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** A folder for screenshots of every page, for review. */
const pictures = process.env.AZIDENTITY_PICTURES;

/** Takes screenshots of a page in light and dark mode, and checks its accessibility with axe. */
export async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` });
    }
    const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
    const problems = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    expect(problems, `${name}, ${colorScheme}`).toEqual([]);
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["color-contrast", "document-title", "html-has-lang"]),
    );
  }
}

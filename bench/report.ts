import type { Row } from "./harness/row.ts";
import { markdownTable } from "./harness/table.ts";

/** Where and when the figures were measured. */
export interface About {
  readonly node: string;
  readonly date: string;
  readonly quick: boolean;
}

/** The contents of `results.json`. */
export interface Report extends About {
  readonly rows: readonly Row[];
}

export function reportJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

export function reportMarkdown({ node, date, quick, rows }: Report): string {
  const missed = rows.filter(({ ok }) => !ok).length;
  return `# Measured

Node.js ${node}, ${date}${quick ? ", quick run" : ""}. ${rows.length} figures, ${missed} missed. \`pnpm bench\` writes this page.

- **ours**: azidentity. **peer**: \`@azure/identity\` 4.14.1. **floor**: the least work with the same result; it is not a library.
- Ours, peer and floor ran alternately in the same loop. Times are medians, and "x floor" is the median of the ratios of single rounds:
  machines differ and are noisy, so compare ratios and counts rather than times.
- Everything runs on loopback against the emulator of Entra, without network latency.
- "known" was measured earlier, and is not repeated because it takes the peer minutes.

${markdownTable(rows)}
`;
}

import type { Host, Output } from "../host.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import { write } from "../terminal/write.ts";
import { type IntroductionFacts, notes, sections, summary } from "./introduction.ts";

/** The lines that say what the relay is. */
function summaryLines(facts: IntroductionFacts, output: Output, host: Host): string[] {
  const { bold } = styleOf(output, host);
  const indent = " ".repeat(11);
  return summary(facts).map(([name, value]) => {
    const lines = wrapped(value, columnsOf(output) - indent.length);
    return `${bold(name.padEnd(10))} ${lines.join(`\n${indent}`)}`;
  });
}

/** What the relay has started with, and how programs use it. */
export async function showIntroduction(facts: IntroductionFacts, host: Host): Promise<void> {
  const { cyan, dim } = styleOf(host.output, host);
  const width = columnsOf(host.output);
  const lines = [
    ...summaryLines(facts, host.output, host),
    ...sections(facts).flatMap(({ title, lines }) => [
      "",
      ...wrapped(title, width).map(cyan),
      ...lines.map((line) => `  ${line}`),
    ]),
    "",
    ...notes(facts).flatMap((note) => wrapped(note, width).map(dim)),
    "",
  ];
  await write(host.output, `${lines.join("\n")}\n`);
}

/** The same for a relay around one program, whose output standard output is. */
export async function showSummary(facts: IntroductionFacts, host: Host): Promise<void> {
  await write(host.errorOutput, `${summaryLines(facts, host.errorOutput, host).join("\n")}\n\n`);
}

import type { Host } from "../host.ts";
import { plainText } from "../terminal/plain-text.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import type { ErrorReport } from "./describe-error.ts";

/** The lines that standard error shows: the problem, what each source answered, and what to do. */
export function renderError(report: ErrorReport, host: Pick<Host, "environment" | "errorOutput">): string {
  const { red, bold, dim } = styleOf(host.errorOutput, host);
  // in a pipe lines are whole, for programs that search them
  const width = host.errorOutput.isTTY === true ? columnsOf(host.errorOutput) : Number.POSITIVE_INFINITY;
  const indented = (text: string, indent: string) =>
    wrapped(plainText(text), width - indent.length).map((line) => indent + line);
  const [first = "", ...more] = wrapped(`error: ${plainText(report.problem)}`, width);
  const attempts = (report.attempts ?? []).flatMap(({ source, code, reason }) => [
    `  ${bold(plainText(source))} ${dim(`(${code})`)}`,
    ...indented(reason, "    "),
  ]);
  return [
    first.replace(/^error:/, red("error:")),
    ...more,
    ...attempts,
    ...(report.remedy === undefined ? [] : indented(report.remedy, "  ").map(bold)),
    "",
  ].join("\n");
}

/** The same as JSON, for programs that read what a command prints. */
export function errorJson({ exitCode: _, problem: message, ...report }: ErrorReport): object {
  return { error: { ...report, message } };
}

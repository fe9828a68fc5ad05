import type { Host } from "../host.ts";
import { plainText } from "../terminal/plain-text.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import type { ErrorReport } from "./describe-error.ts";
import { sentenceOf } from "./walk-text.ts";

/**
 * The lines that standard error shows: the problem and its cause, what to do, and what else was
 * tried.
 *
 * @param severity `warning`: the command goes on
 */
export function renderError(
  report: ErrorReport,
  host: Pick<Host, "environment" | "errorOutput">,
  severity: "error" | "warning" = "error",
): string {
  const { red, yellow, bold, dim } = styleOf(host.errorOutput, host);
  // in a pipe lines are whole, for programs that search them
  const width = host.errorOutput.isTTY === true ? columnsOf(host.errorOutput) : Number.POSITIVE_INFINITY;
  const indented = (text: string, indent: string) =>
    wrapped(plainText(text), width - indent.length).map((line) => indent + line);
  const { problem, details, remedy, attempts } = report;
  const [first = "", ...more] = wrapped(`${severity}: ${plainText(problem)}`, width);
  const further = (attempts ?? []).filter(({ isFurther }) => isFurther);
  const others = further.flatMap(({ source, code, reason }) => [
    `  ${bold(plainText(source))} ${dim(`(${code})`)}`,
    ...indented(reason, "    "),
  ]);
  return [
    first.replace(/^\w+:/, severity === "error" ? red : yellow),
    ...more,
    ...(details === undefined ? [] : indented(details, "  ")),
    ...(remedy === undefined ? [] : indented(remedy, "  ").map(bold)),
    ...others,
    ...(attempts === undefined ? [] : indented("Every source: azid explain", "  ").map(dim)),
    "",
  ].join("\n");
}

/** The same as JSON, for programs that read what a command prints. */
export function errorJson({ exitCode: _, problem, details, attempts, ...report }: ErrorReport): object {
  const asked = attempts?.map(({ isFurther: _, ...attempt }) => attempt);
  const message = sentenceOf({ problem, details });
  return { error: { ...report, ...(asked !== undefined && { attempts: asked }), message } };
}

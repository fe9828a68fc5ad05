import { durationText, timeLeft } from "../terminal/duration.ts";
import { plainLine } from "../terminal/plain-text.ts";
import type { Style } from "../terminal/style.ts";
import { widthOf, wrapped } from "../terminal/width.ts";
import { reasonText } from "../walks/attempt-text.ts";
import { nameOfPrincipal } from "../walks/principal-text.ts";
import type { ExplainedAttempt, ExplanationReport } from "./explanation-report.ts";

/** How an explanation is drawn. */
export interface ExplanationLook {
  readonly width: number;
  readonly style: Style;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const inLines = (text: string, indent: string, width: number) =>
  wrapped(plainLine(text), width - indent.length).map((line) => indent + line);

/** The name of a source and how it ended, in one line where both fit. */
function titleLines(
  source: string,
  details: string,
  paint: (text: string) => string,
  { width, style }: ExplanationLook,
) {
  const isFitting = widthOf(`${source}: ${details}`) <= width;
  if (isFitting) return [`${style.bold(source)}: ${paint(details)}`];
  return [style.bold(source), ...inLines(details, "  ", width).map(paint)];
}

/** One source: its outcome, the reason, what to do, and what the chain did next. */
function attemptLines(attempt: ExplainedAttempt, look: ExplanationLook): readonly string[] {
  const { width, style } = look;
  const { outcome, state, ms, code, remedy, next, why } = attempt;
  const source = plainLine(attempt.source);
  const paint = { used: style.green, skipped: style.dim, next: style.yellow, end: style.red }[next];
  if (next === "skipped") {
    const advice = remedy === undefined ? [] : inLines(remedy, "  ", width).map(style.dim);
    return [
      ...titleLines(source, `skipped, ${outcome}`, paint, look),
      ...inLines(reasonText(attempt), "  ", width),
      ...advice,
    ];
  }
  const isPrecise = code !== undefined && code !== outcome;
  const details = [isPrecise ? `${outcome} (${code})` : outcome, state, durationText(ms)].filter(Boolean);
  return [
    ...titleLines(source, details.join(", "), paint, look),
    ...inLines(reasonText(attempt), "  ", width),
    ...(remedy === undefined ? [] : inLines(remedy, "  ", width).map(style.bold)),
    ...inLines(why, "  ", width).map(style.dim),
  ];
}

function headline({ source, principal, expiresOn, scopes, cause }: ExplanationReport, now: number): string {
  if (source === undefined) {
    const name = cause?.source ? `${cause.source}: ` : "";
    const reason = cause === undefined ? "" : ` Most likely: ${name}${reasonText({ ...cause, source: cause.source })}`;
    return `No token for ${scopes.join(" ")}.${reason}`;
  }
  const whose = principal === undefined ? "" : ` for ${nameOfPrincipal(principal)}`;
  const tenant = principal?.tenantId === undefined ? "" : `, tenant ${principal.tenantId}`;
  const left = expiresOn === undefined ? "" : `, valid for ${timeLeft(Date.parse(expiresOn), now)}`;
  return `${source} has a token${whose}${tenant}${left}.`;
}

/**
 * The lines of an explanation: what a program would get, then each source in the order of the
 * chain.
 */
export function explanationLines(report: ExplanationReport, look: ExplanationLook): readonly string[] {
  const { style, width } = look;
  const { cause, notTried, attempts } = report;
  return [
    ...inLines(headline(report, look.now), "", width).map(style.bold),
    ...(cause?.remedy === undefined ? [] : inLines(cause.remedy, "", width).map(style.bold)),
    ...attempts.flatMap((attempt) => ["", ...attemptLines(attempt, look)]),
    ...(notTried.length === 0 ? [] : ["", ...inLines(`Not tried: ${notTried.join(", ")}.`, "", width)]),
  ];
}

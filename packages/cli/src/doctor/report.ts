import { byState, type Finding } from "../findings/finding.ts";
import { type Entry, entryLines, entryOf, type Look, markOf } from "../findings/render-finding.ts";
import { timeLeft } from "../terminal/duration.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { widthOf, wrapped } from "../terminal/width.ts";
import type { SourceFinding } from "./checks/sources.ts";
import { type Conclusion, conclude, winnerOf } from "./conclusion.ts";
import type { CheckResult } from "./run-checks.ts";

/** Columns of the names of checks. */
export const nameWidth = 11;

/** How a report is drawn. */
export interface ReportLook extends Look {
  /** Whether sources of other platforms have lines of their own. */
  readonly isVerbose: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The lines of a check other than that of the sources; its name stands once. */
export function checkLines({ name, findings }: CheckResult, look: ReportLook): readonly string[] {
  return byState(findings).flatMap((finding, index) =>
    entryLines(entryOf(index === 0 ? name : "", finding), nameWidth, look),
  );
}

function sourceEntry(finding: SourceFinding, winner: SourceFinding | undefined): Entry {
  const { subject, isReached, outcome } = finding;
  const entry = entryOf(subject, finding);
  if (isReached || outcome !== "token" || winner === undefined) return entry;
  return { ...entry, text: `${entry.text} Not used: ${winner.subject} comes first.` };
}

/** The sources in the order of the chain; those of other platforms share one line. */
function sourceLines(
  findings: readonly Finding[],
  look: ReportLook,
  winner: SourceFinding | undefined,
): readonly string[] {
  const ofSources = findings.filter((finding): finding is SourceFinding => "isReached" in finding);
  const others = findings.filter((finding) => !("isReached" in finding));
  const shown = look.isVerbose ? ofSources : ofSources.filter(({ state }) => state !== "skipped");
  const hidden = ofSources.filter((finding) => !shown.includes(finding));
  const column = Math.max(nameWidth, ...shown.map(({ subject }) => widthOf(subject) + 2));
  const elsewhere = hidden.map(({ subject }) => subject).join(", ");
  return [
    ...shown.flatMap((finding) => entryLines(sourceEntry(finding, winner), column, look)),
    ...others.flatMap((finding) => entryLines(entryOf("sources", finding), column, look)),
    ...(hidden.length === 0 ? [] : entryLines({ mark: "skipped", name: "not here", text: elsewhere }, column, look)),
  ];
}

/** What a person wants to know of a token besides whose it is. */
function detailsOf({ principal, expiresOnTimestamp }: SourceFinding, now: number): string {
  const tenant = principal?.tenantId === undefined ? "" : `Tenant ${principal.tenantId}, `;
  const left = expiresOnTimestamp === undefined ? "" : `valid for ${timeLeft(expiresOnTimestamp, now)}`;
  return `${tenant}${left}`;
}

function conclusionLines(
  { isReady, headline, cause }: Conclusion,
  winner: SourceFinding | undefined,
  look: ReportLook,
): readonly string[] {
  const { style, width } = look;
  const indent = "  ";
  const indented = (text: string) => wrapped(plainLine(text), width - indent.length).map((line) => indent + line);
  const [first = "", ...more] = wrapped(plainLine(headline), width - 2);
  const start = look.hasSigns ? markOf(isReady ? "ok" : "problem", look) : "";
  const title = [
    `${start === "" ? "" : `${start} `}${style.bold(first)}`,
    ...more.map((line) => indent + style.bold(line)),
  ];
  if (cause === undefined) return [...title, ...(winner === undefined ? [] : indented(detailsOf(winner, look.now)))];
  const subject = cause.check === "sources" && cause.subject !== undefined ? `${cause.subject}: ` : "";
  return [
    ...title,
    ...indented(`Most likely: ${subject}${cause.sentence}`),
    ...(cause.remedy === undefined ? [] : indented(cause.remedy).map(style.bold)),
  ];
}

/** The whole report: the conclusion first, then what each check found. */
export function reportLines(results: readonly CheckResult[], scope: string, look: ReportLook): readonly string[] {
  const winner = winnerOf(results);
  const plain = results.filter(({ name }) => name !== "sources");
  const sources = results.find(({ name }) => name === "sources");
  return [
    ...conclusionLines(conclude(results, scope), winner, look),
    "",
    ...plain.flatMap((result) => checkLines(result, look)),
    ...(sources === undefined ? [] : ["", ...sourceLines(sources.findings, look, winner)]),
  ];
}

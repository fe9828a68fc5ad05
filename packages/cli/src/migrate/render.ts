import { relative } from "node:path";
import type { Host } from "../host.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { type Style, styleOf } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import type { IdentityAsk, Verdict } from "./asks.ts";
import { dropIn } from "./drop-in.ts";
import type { CodeHabit } from "./habits/search-code.ts";
import { type MigrationReport, pageOf } from "./report.ts";
import { nestedAsks, type Step } from "./steps.ts";

/** Short, so that the table fits into 80 columns. */
const verdicts: Readonly<Record<Verdict, string>> = {
  replaced: "the drop-in already",
  own: "you change it",
  satisfied: "the drop-in",
  "older-minor": "override: older 4.x",
  "newer-minor": "override: newer 4.x",
  "other-major": "override: other major",
  "no-range": "override: no range",
  absent: "absent",
};

const notes: Partial<Readonly<Record<Verdict, string>>> = {
  "other-major": "What was written for another major version gets 4.x: test it.",
  "newer-minor": "What asks for a newer 4.x than the drop-in gets an older one: test it, or wait for that drop-in.",
};

/** The report for people. */
export function renderReport(
  report: MigrationReport,
  folder: string,
  host: Pick<Host, "output" | "environment">,
): string {
  const style = styleOf(host.output, host);
  const width = columnsOf(host.output);
  const parts = [
    renderAsks(report, folder, { style, width }),
    renderSteps(report, { style, width }),
    renderCode(report, { style, width }),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

interface Layout {
  readonly style: Style;
  readonly width: number;
}

function renderAsks({ lockfile, asks }: MigrationReport, folder: string, { style, width }: Layout): string[] {
  const path = plainLine(relative(folder, lockfile.path) || lockfile.path);
  if (asks.length === 0) return [style.bold(`${path}: no package asks for ${dropIn.replaces}.`)];
  const columns = [
    { title: "ASKS", cell: nameOf },
    { title: "RANGE", cell: ({ range }: IdentityAsk) => plainLine(range ?? "?") },
    { title: "HAS", cell: ({ installed }: IdentityAsk) => plainLine(installed ?? "-") },
    { title: "AFTER", cell: ({ verdict }: IdentityAsk) => verdicts[verdict] },
  ];
  const notable = Object.entries(notes).filter(([verdict]) => asks.some((ask) => ask.verdict === verdict));
  const count = asks.length === 1 ? "1 package asks" : `${asks.length} packages ask`;
  const lines = table(columns, asks, width);
  return [
    style.bold(`${path}: ${count} for ${dropIn.replaces}`),
    ...(lines.length === asks.length + 1 ? lines : asks.flatMap(compactRow)),
    ...notable.flatMap(([, note]) => wrapped(note, width)),
  ];
}

/** Two lines for each, where the table is too wide. */
function compactRow(ask: IdentityAsk): string[] {
  const range = plainLine(ask.range ?? "?");
  const has = ask.installed === undefined ? "" : `, has ${plainLine(ask.installed)}`;
  return [nameOf(ask), `  ${range}${has}: ${verdicts[ask.verdict]}`];
}

function nameOf({ from, fromVersion, isProject, kind }: IdentityAsk): string {
  const optional = kind === "optional-peer" ? " (optional peer)" : kind === "peer" ? " (peer)" : "";
  const name =
    isProject && (from === "." || from === "")
      ? "this project"
      : [from, isProject ? undefined : fromVersion].filter(Boolean).join(" ");
  return plainLine(`${name}${optional}`);
}

function renderSteps({ asks, steps, goes, comesMegabytes }: MigrationReport, { style, width }: Layout): string[] {
  if (asks.length === 0) return [];
  if (steps.length === 0) return ["Nothing has to be done: no copy of the original is left."];
  const others = nestedAsks(asks).length;
  const why =
    others === 0
      ? "One line replaces every copy:"
      : `An override replaces every copy, ${others} of which would stay without it:`;
  return [
    ...wrapped(style.bold(why), width),
    ...steps.flatMap(renderStep),
    "",
    ...wrapped(weigh(goes, comesMegabytes), width),
  ];
}

function renderStep(step: Step): string[] {
  if ("type" in step) return [`  ${step.type}`];
  return [`  in ${step.file}:`, ...step.put.split("\n").map((line) => `    ${line}`)];
}

function weigh({ packages, bytes }: MigrationReport["goes"], comes: number): string {
  const count = packages.length === 1 ? "1 package" : `${packages.length} packages`;
  const size = bytes === undefined ? "" : `, ${(bytes / 1_000_000).toFixed(1)} MB`;
  return `Goes: ${count}${size} that nothing else needs. Comes: about ${comes} MB.`;
}

function renderCode({ code }: MigrationReport, { style, width }: Layout): string[] {
  const verb = code.mentions === 1 ? "mentions" : "mention";
  const read = `${code.mentions} of ${code.files} files of code ${verb} ${dropIn.replaces}`;
  const cut = code.isCut ? ["Some files were left out: there are very many, or they are very large."] : [];
  if (code.habits.length === 0)
    return [...wrapped(`${read}; nothing in them behaves differently, as far as a search can tell.`, width), ...cut];
  const kinds = [...new Set(code.habits.map(({ habit }) => habit))];
  return [
    ...wrapped(style.bold(`${read}; look at these places:`), width),
    ...kinds.flatMap((kind) =>
      renderHabit(
        code.habits.filter(({ habit }) => habit === kind),
        { style, width },
      ),
    ),
    ...cut,
  ];
}

function renderHabit(found: readonly CodeHabit[], { style, width }: Layout): string[] {
  const [first] = found;
  if (first === undefined) return [];
  const { name, difference, section } = first.habit;
  return [
    style.yellow(name),
    ...wrapped(`${difference} (${pageOf(section)})`, width - 2).map((line) => `  ${line}`),
    ...found.map(({ file, line }) => `  ${plainLine(file)}:${line}`),
  ];
}

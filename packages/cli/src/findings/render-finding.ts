import { durationText } from "../terminal/duration.ts";
import { plainLine } from "../terminal/plain-text.ts";
import type { Style } from "../terminal/style.ts";
import { padded, widthOf, wrapped } from "../terminal/width.ts";
import type { Finding, FindingState } from "./finding.ts";

/** How findings are drawn. */
export interface Look {
  readonly width: number;
  readonly style: Style;
  /** Whether states are signs; in a pipe they are words. */
  readonly hasSigns: boolean;
}

/** Narrower outputs have names and sentences in lines of their own. */
const narrowColumns = 60;

/** Whether names and sentences are in lines of their own. */
export const isNarrow = ({ width }: Pick<Look, "width">): boolean => width < narrowColumns;

type Mark = FindingState | "running";

const signs: Readonly<Record<Mark, string>> = { ok: "✔", warning: "!", problem: "✖", skipped: "·", running: "…" };
const words: Readonly<Record<Mark, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "problem",
  skipped: "skipped",
  running: "running",
};

/** The sign of a state, or its word. */
export function markOf(state: Mark, { style, hasSigns }: Look): string {
  const text = hasSigns ? signs[state] : padded(words[state], 7);
  const { green, yellow, red, dim } = style;
  const paint = { ok: green, warning: yellow, problem: red, skipped: dim, running: dim }[state];
  return paint(text);
}

/** One entry: a mark, a name, a text that may take several lines, and what to do. */
export interface Entry {
  readonly mark: Mark;
  readonly name: string;
  readonly text: string;
  readonly remedy?: string | undefined;
}

/** The lines of an entry; a narrow terminal has its name in a line of its own. */
export function entryLines({ mark, name, text, remedy }: Entry, nameColumn: number, look: Look): readonly string[] {
  const { width, style } = look;
  const narrow = isNarrow(look);
  const start = `${markOf(mark, look)} `;
  const indent = widthOf(start) + (narrow ? 0 : nameColumn);
  const fill = " ".repeat(indent);
  const body = [
    ...wrapped(text, width - indent).map((line) => line.replaceAll(noBreak, " ")),
    ...(remedy === undefined ? [] : wrapped(remedy, width - indent).map(style.bold)),
  ];
  if (narrow && name !== "") return [`${start}${style.bold(name)}`, ...body.map((line) => fill + line)];
  const [first = "", ...more] = body;
  return [`${start}${padded(name, indent - widthOf(start))}${first}`, ...more.map((line) => fill + line)];
}

/** Keeps a number beside its unit while lines are broken. */
const noBreak = "\u00a0";

const withDuration = (sentence: string, ms: number | undefined) => {
  const duration = durationText(ms).replace(" ", noBreak);
  if (duration === "") return sentence;
  return sentence.endsWith(".") ? `${sentence.slice(0, -1)} (${duration}).` : `${sentence} (${duration})`;
};

/** The entry of a finding. What works needs no remedy. */
export function entryOf(name: string, { state, sentence, remedy, ms }: Finding): Entry {
  const isToDo = state === "problem" || state === "warning";
  return {
    mark: state,
    name,
    text: plainLine(withDuration(sentence, ms)),
    remedy: isToDo && remedy ? plainLine(remedy) : undefined,
  };
}

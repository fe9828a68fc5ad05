/** What `azid serve` writes: for a terminal, for a pipe, and as JSON. */
import type { Host, Output } from "../host.ts";
import { createLiveArea, isLive } from "../terminal/live-area.ts";
import { type Style, styleOf } from "../terminal/style.ts";
import { columnsOf, padded, widthOf, wrapped } from "../terminal/width.ts";
import { write } from "../terminal/write.ts";
import { type ActivityRow, createActivity, withoutKey } from "./activity.ts";
import { type IntroductionFacts, notes, sections, summary } from "./introduction.ts";
import type { RelayEvent } from "./relay-event.ts";

/** Shows who asks for what, until it ends. */
export interface Display {
  show(event: RelayEvent): void;
  end(): void;
}

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

const clock = (time: number) => new Date(time).toTimeString().slice(0, 8);

/** How often a terminal is redrawn, at most. */
const redrawMs = 100;
/** Rows that a terminal shows; the list has more. */
const shownRows = 10;

/** Columns below which a row takes two lines. */
const narrow = 72;

/** The list as lines of a terminal: when, who, how often, with which answer, for what. */
export function listLines(rows: readonly ActivityRow[], width: number, { green, red, bold, dim }: Style): string[] {
  if (rows.length === 0) return [dim("No program has asked yet.")];
  const shown = rows.slice(0, shownRows);
  const widest = (cell: (row: ActivityRow) => string) => Math.max(...shown.map((row) => widthOf(cell(row))));
  const [client, times] = [widest((row) => row.client), widest((row) => String(row.times))];
  const answer = widest((row) => row.outcome);
  const lines = shown.flatMap((row) => {
    const colour = row.outcome === "token" ? green : red;
    const time = dim(clock(row.lastAt));
    const who = `${bold(padded(row.client, client))}  ${String(row.times).padStart(times)} x`;
    if (width < narrow) return [`${who}  ${colour(row.outcome)}`, `  ${time}  ${row.scopes}`.trimEnd()];
    return [`${time}  ${who}  ${colour(padded(row.outcome, answer))}  ${row.scopes}`.trimEnd()];
  });
  const refusals = rows.filter((row) => row.refusal !== undefined);
  const refused = refusals.find((row) => row.client !== withoutKey) ?? refusals[0];
  return [...lines, ...(refused === undefined ? [] : ["", ...reasonLines(refused, width)])];
}

/** Why the latest request without a token had none, and what to do. */
function reasonLines({ client, refusal }: ActivityRow, width: number): string[] {
  const { message = "", remedy = "" } = refusal ?? {};
  return wrapped(`${client}: ${message} ${remedy}`.trimEnd(), width - 1);
}

/** A list that is redrawn in place. */
function liveDisplay(host: Host): Display {
  const area = createLiveArea(host.output, host);
  const activity = createActivity();
  const style = styleOf(host.output, host);
  const lines = () => listLines(activity.rows(), columnsOf(host.output), style);
  let timer: NodeJS.Timeout | undefined;
  area.update(lines());
  return {
    show(event) {
      activity.add(event);
      timer ??= setTimeout(() => {
        timer = undefined;
        area.update(lines());
      }, redrawMs);
    },
    end() {
      clearTimeout(timer);
      area.done(lines());
    },
  };
}

const isPowerOfTwo = (count: number) => Number.isInteger(Math.log2(count));

/**
 * One line for each request. Those without a key are written when their number has doubled: any program of
 * the machine can send them, and could otherwise fill a disk.
 */
function lineDisplay(output: Output, isShown: (row: ActivityRow) => boolean): Display {
  const activity = createActivity();
  return {
    show(event) {
      const row = activity.add(event);
      const { client, scopes, outcome, times, refusal } = row;
      if (!isShown(row) || (event.client === undefined && !isPowerOfTwo(times))) return;
      const count = event.client === undefined && times > 1 ? `${times} times` : "";
      const reason = refusal === undefined ? "" : `${refusal.message} ${refusal.remedy ?? ""}`;
      const parts = [new Date(event.at).toISOString(), client, scopes, outcome, count, reason];
      output.write(
        `${parts
          .filter((part) => part !== "")
          .join("  ")
          .trimEnd()}\n`,
      );
    },
    end: () => undefined,
  };
}

/** Lines about requests without a token, beside the output of a program. */
export const refusalDisplay = (output: Output): Display => lineDisplay(output, ({ outcome }) => outcome !== "token");

/** One JSON document for each request, in a line. */
function jsonDisplay(host: Host): Display {
  const line = (value: object) => host.output.write(`${JSON.stringify(value)}\n`);
  return {
    show: ({ at, ...event }) => line({ event: "answer", at: new Date(at).toISOString(), ...event }),
    end: () => undefined,
  };
}

export function createDisplay(isJson: boolean, host: Host): Display {
  if (isJson) return jsonDisplay(host);
  return isLive(host.output, host) ? liveDisplay(host) : lineDisplay(host.output, () => true);
}

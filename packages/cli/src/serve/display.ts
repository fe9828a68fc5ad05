/** Shows who asks for what: on a terminal, in a pipe, and as JSON. */
import type { Host, Output } from "../host.ts";
import { createLiveArea, isLive } from "../terminal/live-area.ts";
import { plainJson } from "../terminal/plain-text.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf } from "../terminal/width.ts";
import { type ActivityRow, createActivity } from "./activity.ts";
import { listLines } from "./list-lines.ts";
import type { RelayEvent } from "./relay-event.ts";

/** Shows answers, until it ends. */
export interface Display {
  show(event: RelayEvent): void;
  end(): void;
}

/** How often a terminal is redrawn, at most. */
const redrawMs = 100;

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
 * Writes a line for each request. Those without a key are written when their number has doubled:
 * any program of the machine can send them, and could otherwise fill a disk.
 */
function lineDisplay(output: Output, lineOf: (event: RelayEvent, row: ActivityRow) => string | undefined): Display {
  const activity = createActivity();
  return {
    show(event) {
      const row = activity.add(event);
      if (event.client === undefined && !isPowerOfTwo(row.times)) return;
      const line = lineOf(event, row);
      if (line !== undefined) output.write(`${line}\n`);
    },
    end: () => undefined,
  };
}

function plainLineOf(
  { at, client: known }: RelayEvent,
  { client, scopes, outcome, times, refusal }: ActivityRow,
): string {
  const count = known === undefined && times > 1 ? `${times} times` : "";
  const reason = refusal === undefined ? "" : `${refusal.message} ${refusal.remedy ?? ""}`.trimEnd();
  const parts = [new Date(at).toISOString(), client, scopes, outcome, count, reason];
  return parts.filter((part) => part !== "").join("  ");
}

const jsonLineOf = ({ at, ...event }: RelayEvent, { times }: ActivityRow): string =>
  plainJson({ event: "answer", at: new Date(at).toISOString(), ...event, times });

/** Lines about requests without a token, beside the output of a program. */
export const refusalDisplay = (output: Output): Display =>
  lineDisplay(output, (event, row) => (row.outcome === "token" ? undefined : plainLineOf(event, row)));

export function createDisplay(isJson: boolean, host: Host): Display {
  if (isJson) return lineDisplay(host.output, jsonLineOf);
  return isLive(host.output, host) ? liveDisplay(host) : lineDisplay(host.output, plainLineOf);
}

/** The answers before there is a display: the user may still have to sign in. */
export interface Answers {
  add(event: RelayEvent): void;
  /** Shows them, and all later ones. */
  showOn(display: Display): void;
}

/** Answers that are kept until there is a display. */
const maxEarly = 100;

export function createAnswers(): Answers {
  const early: RelayEvent[] = [];
  let shown: Display | undefined;
  return {
    add(event) {
      if (shown !== undefined) shown.show(event);
      else if (early.length < maxEarly) early.push(event);
    },
    showOn(display) {
      shown = display;
      for (const event of early.splice(0)) display.show(event);
    },
  };
}

import { plainLine } from "../terminal/plain-text.ts";
import type { RelayEvent } from "./relay-event.ts";

/** All requests of one client for the same scopes with the same outcome. Texts are plain. */
export interface ActivityRow {
  /** Name of the client; `(no key)` for requests without a valid one. */
  readonly client: string;
  /** Empty: the request was refused before they were read. */
  readonly scopes: string;
  readonly outcome: RelayEvent["outcome"];
  /** How many requests. */
  readonly times: number;
  /** When the last of them was answered, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Why the last of them got no token, and what to do. */
  readonly refusal?: RelayEvent["refusal"];
}

export interface Activity {
  /** Adds a request, and returns the row that counts it. */
  add(event: RelayEvent): ActivityRow;
  /** The latest first. */
  rows(): readonly ActivityRow[];
}

/** What clients can fill the list with. */
const maxRows = 50;
const maxTextLength = 200;

/** What stands for the name of the client of requests without a valid key. */
export const withoutKey = "(no key)";

const shown = (text: string) => plainLine(text).slice(0, maxTextLength);

/** Counts who asked for what. */
export function createActivity(): Activity {
  const rows = new Map<string, ActivityRow>(); // the latest last
  return {
    add({ client, scopes = [], outcome, at, ms, refusal }) {
      const row = { client: client ?? withoutKey, scopes: shown(scopes.join(" ")), outcome };
      const key = JSON.stringify(row);
      const times = (rows.get(key)?.times ?? 0) + 1;
      const plain = refusal && { message: plainLine(refusal.message), remedy: plainLine(refusal.remedy ?? "") };
      const added = { ...row, times, lastAt: at + ms, ...(plain && { refusal: plain }) };
      rows.delete(key);
      rows.set(key, added);
      const [oldest] = rows.keys();
      if (rows.size > maxRows && oldest !== undefined) rows.delete(oldest);
      return added;
    },
    rows: () => [...rows.values()].reverse(),
  };
}

import type { ServerResponse } from "node:http";
import type { Tenant } from "../entra/directory.ts";
import type { JournalWriter, RecordedRequest } from "../journal/journal.ts";
import { directoryHtml, type NumberedRequest, rowHtml, rowsHtml } from "../pages/dashboard-page.ts";
import { maxRows } from "../pages/dashboard-script.ts";

/** What the dashboard shows. */
export interface DashboardParts {
  readonly tenants: readonly Tenant[];
  readonly journal: JournalWriter;
}

/** The live state of the dashboard, and those who read it. */
export interface Feed {
  /** The requests that a page shows, the oldest first. */
  readonly shown: () => readonly NumberedRequest[];
  /** Sends everything to a reader, and changes from then on. */
  addReader(response: ServerResponse): void;
  close(): void;
}

/**
 * Milliseconds for which changes are collected, so that a thousand requests a second cost little.
 */
const pauseMs = 50;

/** Bytes that wait for a reader. One that has more is slow: it is let go, and connects again. */
const maxWaitingBytes = 4_000_000;

/** Browsers that may watch at once. */
const maxReaders = 32;

/** Numbers requests in the order in which they are shown first. */
function createNumbering(): (request: RecordedRequest) => NumberedRequest {
  const numbers = new WeakMap<RecordedRequest, number>();
  let last = 0;
  return (request) => {
    const number = numbers.get(request) ?? ++last;
    numbers.set(request, number);
    return { number, request };
  };
}

export function createFeed({ tenants, journal: writer }: DashboardParts): Feed {
  const readers = new Set<ServerResponse>();
  const changed = new Set<RecordedRequest>();
  let lastDirectory = "";
  let timer: NodeJS.Timeout | undefined;

  const numbered = createNumbering();
  const shown = () => writer.journal.slice(-maxRows).map(numbered);
  const sendAll = (event: string, value: unknown) => {
    for (const reader of readers) send(reader, event, value);
  };
  const flush = () => {
    timer = undefined;
    const directory = directoryHtml(tenants).html;
    if (directory !== lastDirectory) sendAll("directory", directory);
    lastDirectory = directory;
    const rows = [...changed].slice(-maxRows).map(numbered);
    changed.clear();
    sendAll(
      "requests",
      rows.map((row) => ({ number: row.number, row: rowHtml(row).html })),
    );
  };
  const unwatch = writer.watch((request) => {
    if (readers.size === 0) return;
    changed.add(request);
    timer ??= setTimeout(flush, pauseMs).unref();
  });

  return {
    shown,
    addReader(response) {
      if (readers.size >= maxReaders) return void response.writeHead(503).end();
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 1000\n\n");
      lastDirectory = directoryHtml(tenants).html;
      send(response, "all", { directory: lastDirectory, rows: rowsHtml(shown()).html });
      readers.add(response);
      response.once("close", () => void readers.delete(response));
    },
    close() {
      unwatch();
      clearTimeout(timer);
      for (const reader of readers) reader.destroy();
    },
  };
}

function send(reader: ServerResponse, event: string, value: unknown): void {
  if (reader.writableLength > maxWaitingBytes) reader.destroy();
  else reader.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
}

import type { Clock } from "../clock.ts";
import { parseForm, type ServerRequest } from "../http/message.ts";
import { endsWithPath } from "../http/route.ts";
import type { ServiceName } from "../service-names.ts";
import { redactFields, redactHeaders, redactTokens, redactUrl } from "./redact.ts";

/** A request that arrived. Its secrets are replaced by `***`. */
export interface RecordedRequest {
  /** The service that received it. */
  readonly service: ServiceName;
  /** The HTTP method. */
  readonly method: string;
  /** The absolute URL, under the host name that the client called. */
  readonly url: string;
  /** The path of the URL. */
  readonly path: string;
  /** The tenant in the path, a GUID or a domain; `undefined` without one. */
  readonly tenant: string | undefined;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The server name of the TLS handshake (SNI). */
  readonly serverName: string | undefined;
  /** The fields of a form; empty for any other body. */
  readonly form: Readonly<Record<string, string>>;
  /** HTTP status of the response; `undefined` before the response. */
  readonly status: number | undefined;
  /** Milliseconds since 1970-01-01 UTC, on the emulator's clock. */
  readonly at: number;
}

/** The requests in the order of arrival. */
export interface Journal extends ReadonlyArray<RecordedRequest> {
  /** The requests whose path ends with `path`. */
  to(path: string): RecordedRequest[];
  /**
   * Resolves when the next request arrives whose path ends with `path`, before the response.
   * Default: any path. Never rejects.
   */
  next(path?: string): Promise<RecordedRequest>;
  /** Removes all requests. */
  clear(): void;
}

export interface JournalWriter {
  readonly journal: Journal;
  /** Records a request; the returned function sets the status of the response. */
  record(request: ServerRequest, service: ServiceName, tenant: string | undefined): (status: number) => void;
  /**
   * Calls `onChange` when a request arrives and when it is answered, until the returned function is
   * called.
   */
  watch(onChange: (entry: RecordedRequest) => void): () => void;
}

/** @param maxEntries when there are more, the oldest are removed */
export function createJournal(clock: Clock, maxEntries = Number.POSITIVE_INFINITY): JournalWriter {
  const entries: RecordedRequest[] = [];
  const watchers = new Set<(entry: RecordedRequest) => void>();
  const changed = (entry: RecordedRequest) => {
    for (const onChange of watchers) onChange(entry);
  };
  let waiting: { readonly path: string; readonly resolve: (entry: RecordedRequest) => void }[] = [];

  const methods = {
    to: (path: string) => entries.filter((entry) => endsWithPath(entry.path, path)),
    next: (path = "") => new Promise<RecordedRequest>((resolve) => waiting.push({ path, resolve })),
    clear: () => void entries.splice(0),
  };
  // not enumerable, so that printing and comparing the journal shows only requests
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(entries, name, { value });

  return {
    journal: entries as RecordedRequest[] & typeof methods,
    record(request, service, tenant) {
      const entry = {
        service,
        ...describe(request),
        tenant: tenant && redactTokens(tenant),
        status: undefined as number | undefined,
        at: clock.now(),
      };
      entries.push(entry);
      if (entries.length > maxEntries) entries.shift();
      const isMet = ({ path }: { path: string }) => endsWithPath(entry.path, path);
      for (const { resolve } of waiting.filter(isMet)) resolve(entry);
      waiting = waiting.filter((waiter) => !isMet(waiter));
      changed(entry);
      return (status) => {
        entry.status = status;
        changed(entry);
      };
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}

type Description = Pick<RecordedRequest, "method" | "url" | "path" | "headers" | "serverName" | "form">;

function describe(request: ServerRequest): Description {
  const url = redactUrl(request.url);
  return {
    method: request.method,
    url: url.href,
    path: url.pathname,
    headers: redactHeaders(request.headers),
    serverName: request.serverName,
    form: redactFields(parseForm(request) ?? new URLSearchParams()),
  };
}

import type { Clock } from "../clock.ts";
import { parseForm, type ServerRequest } from "../http/message.ts";
import { endsWithPath } from "../http/route.ts";
import type { ServiceName } from "../service-names.ts";
import { redactFields, redactHeaders, redactTokens, redactUrl } from "./redact.ts";

/** One request as it arrived. Secrets are gone before it is written down: they stand as `***`. */
export interface RecordedRequest {
  /** Who was asked. */
  readonly service: ServiceName;
  readonly method: string;
  readonly url: string;
  readonly path: string;
  /** The tenant as the client wrote it: a GUID or a domain; `undefined` where the path names none. */
  readonly tenant: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The name that the client asked for in its TLS handshake (SNI). */
  readonly serverName: string | undefined;
  /** The fields of a form body; empty for any other body. */
  readonly form: Readonly<Record<string, string>>;
  /** HTTP status of the answer; `undefined` while there is none. */
  readonly status: number | undefined;
  /** Milliseconds since 1970-01-01 UTC, on the emulator's clock. */
  readonly at: number;
}

/** Every request in the order of arrival: an array, with a few words of its own. */
export interface Journal extends ReadonlyArray<RecordedRequest> {
  /** The requests whose path ends with `path`. */
  to(path: string): RecordedRequest[];
  /** Resolves when the next request arrives whose path ends with `path`, before it is answered. */
  next(path?: string): Promise<RecordedRequest>;
  clear(): void;
}

export interface JournalWriter {
  readonly journal: Journal;
  /** Writes a request down; the function returned completes the entry with the status of its answer. */
  record(request: ServerRequest, service: ServiceName, tenant: string | undefined): (status: number) => void;
}

export function createJournal(clock: Clock): JournalWriter {
  const entries: RecordedRequest[] = [];
  let waiting: { readonly path: string; readonly resolve: (entry: RecordedRequest) => void }[] = [];

  const methods = {
    to: (path: string) => entries.filter((entry) => endsWithPath(entry.path, path)),
    next: (path = "") => new Promise<RecordedRequest>((resolve) => waiting.push({ path, resolve })),
    clear: () => void entries.splice(0),
  };
  // Not enumerable, so that printing and comparing the journal shows requests alone.
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
      const isMet = ({ path }: { path: string }) => endsWithPath(entry.path, path);
      for (const { resolve } of waiting.filter(isMet)) resolve(entry);
      waiting = waiting.filter((waiter) => !isMet(waiter));
      return (status) => {
        entry.status = status;
      };
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

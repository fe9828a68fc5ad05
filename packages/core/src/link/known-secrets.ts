import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { Http, HttpRequest, Logger } from "../contract/system-services.ts";
import type { TokenRequest } from "../contract/token.ts";
import { blankOut } from "../errors/blank-out.ts";
import { mapTexts, secretsOfRequest } from "../errors/redact.ts";
import { wrapError } from "../errors/wrap-error.ts";

/** The inputs of an acquisition. */
interface Given {
  readonly options: unknown;
  readonly userAssertion?: TokenRequest["userAssertion"];
}

/** The secrets of one placed source, so that no error and no log line of it shows them. */
export interface KnownSecrets {
  /**
   * The context of the source: records the secrets that it sends, and removes known secrets from
   * its log lines.
   */
  readonly context: SourceContext;
  /**
   * Knows the secrets of an acquisition until the returned function is called.
   */
  begin(given: Given): () => void;
  /** Turns what the source threw into an error of azidentity, without these secrets. */
  wrap(error: unknown, given: Given): unknown;
}

/** Requests that are remembered while an acquisition runs; retries send the same secrets again. */
const maxRequests = 16;
/** Letters of a log line that are looked through. */
const maxLineLength = 65_536;
/** Variables from which our sources read secrets. */
const secretVariable =
  /^(?:AZURE|AZIDENTITY|IDENTITY|MSI|ACTIONS|SYSTEM)_?(?:\w+_)?(?:SECRET|PASSWORD|TOKEN|HEADER|KEYS?|ACCESSTOKEN)$/;

function secretVariables(env: SourceContext["env"]): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && secretVariable.test(name) ? value : [],
  );
}

/** Texts of an option, which may be a list or an object of them. */
function textsOf(value: unknown, depth = 3): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || depth === 0) return [];
  return Object.values(value).flatMap((one) => textsOf(one, depth - 1));
}

function secretOptions({ options: schema }: AnySource, options: unknown): string[] {
  return (schema?.secrets ?? []).flatMap((name) => textsOf((Object(options) as Record<string, unknown>)[name]));
}

function noteSent(http: Http, sent: HttpRequest[]): Http {
  return {
    send(request, signal) {
      sent.push(request);
      if (sent.length > maxRequests) sent.shift();
      return http.send(request, signal);
    },
  };
}

function concealing(log: Logger, secrets: () => readonly string[]): Logger {
  const at =
    (level: "error" | "warn" | "info" | "debug"): Logger["info"] =>
    (message, fields) => {
      if (log.writes?.(level) === false) return;
      const known = secrets();
      const clean = (text: string) => (known.length === 0 ? text : blankOut(text, known, maxLineLength));
      if (fields === undefined) log[level](clean(message));
      else log[level](clean(message), mapTexts(fields, clean, 4) as object);
    };
  const { writes } = log;
  return Object.freeze({
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    ...(writes && { writes: writes.bind(log) }),
  });
}

export function createKnownSecrets(source: AnySource, context: SourceContext): KnownSecrets {
  const running = new Set<Given>();
  const sent: HttpRequest[] = [];
  const of = (all: Iterable<Given>): string[] => [
    ...[...all].flatMap(({ options, userAssertion = "" }) => [...secretOptions(source, options), userAssertion]),
    ...sent.flatMap(secretsOfRequest),
    ...secretVariables(context.env),
  ];
  return {
    context: Object.freeze({
      ...context,
      http: noteSent(context.http, sent),
      log: concealing(context.log, () => of(running)),
    }),
    wrap: (error, given) => wrapError(source.name, error, of([given])),
    begin({ options, userAssertion }) {
      const given = { options, userAssertion };
      running.add(given);
      return () => {
        running.delete(given);
        if (running.size === 0) sent.length = 0;
      };
    },
  };
}

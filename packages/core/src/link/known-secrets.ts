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
  readonly source: AnySource;
  readonly env: SourceContext["env"];
  /** The inputs of what is under way; `undefined`: nothing is. */
  running: Set<Given> | undefined;
  /** Requests that were sent meanwhile. */
  sent: HttpRequest[] | undefined;
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

function secretsOf({ source, env, sent = [] }: KnownSecrets, all: Iterable<Given>): string[] {
  return [
    ...[...all].flatMap(({ options, userAssertion = "" }) => [...secretOptions(source, options), userAssertion]),
    ...sent.flatMap(secretsOfRequest),
    ...secretVariables(env),
  ];
}

function noteSent(known: KnownSecrets, http: Http): Http {
  return {
    send(request, signal) {
      known.sent ??= [];
      known.sent.push(request);
      if (known.sent.length > maxRequests) known.sent.shift();
      return http.send(request, signal);
    },
  };
}

function concealing(known: KnownSecrets, log: Logger): Logger {
  const write = (level: "error" | "warn" | "info" | "debug", message: string, fields: object | undefined) => {
    if (log.writes?.(level) === false) return;
    const secrets = secretsOf(known, known.running ?? []);
    const clean = (text: string) => (secrets.length === 0 ? text : blankOut(text, secrets, maxLineLength));
    if (fields === undefined) log[level](clean(message));
    else log[level](clean(message), mapTexts(fields, clean, 4) as object);
  };
  const { writes } = log;
  return Object.freeze({
    error: (message: string, fields?: object) => write("error", message, fields),
    warn: (message: string, fields?: object) => write("warn", message, fields),
    info: (message: string, fields?: object) => write("info", message, fields),
    debug: (message: string, fields?: object) => write("debug", message, fields),
    ...(writes && { writes: writes.bind(log) }),
  });
}

export function createKnownSecrets(source: AnySource, env: SourceContext["env"]): KnownSecrets {
  return { source, env, running: undefined, sent: undefined };
}

/**
 * What a source writes its lines and sends its requests with: known secrets are removed from the
 * lines, and what is sent is known from then on.
 */
export function withKnownSecrets(
  known: KnownSecrets,
  { log, http }: Pick<SourceContext, "log" | "http">,
): Pick<SourceContext, "log" | "http"> {
  return { log: concealing(known, log), http: noteSent(known, http) };
}

/** Turns what the source threw into an error of azidentity, without the secrets of these inputs. */
export function wrapKnown(known: KnownSecrets, error: unknown, given: Given): unknown {
  return wrapError(known.source.name, error, secretsOf(known, [given]));
}

/** Knows the secrets of an acquisition until the returned function is called. */
export function beginWork(known: KnownSecrets, { options, userAssertion }: Given): () => void {
  const given = { options, userAssertion };
  known.running ??= new Set();
  const { running } = known;
  running.add(given);
  return () => {
    running.delete(given);
    if (running.size > 0) return;
    known.running = undefined;
    known.sent = undefined;
  };
}

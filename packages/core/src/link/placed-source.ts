import type { ConcurrencyLimiter } from "../async/limiter.ts";
import type { Eviction } from "../cache/eviction.ts";
import type { SourceContext } from "../contract/context.ts";
import type { Events } from "../contract/events.ts";
import type { AnySource } from "../contract/services.ts";
import type { Http } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { checkOptions } from "../options/check-options.ts";
import { logHttp } from "../services/log-http.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { claimedPrincipal } from "../token/principal.ts";
import { readAccountState } from "../token/resolved-request.ts";
import { expectPrincipal } from "./expect.ts";
import type { Instruments } from "./instruments.ts";
import { createKnownSecrets, type KnownSecrets } from "./known-secrets.ts";
import { createOptionsReader, type OptionsReader } from "./options-reader.ts";
import { createSourceInstance, type SourceInstance } from "./source-instance.ts";
import { createStartDeadline, type DeadlineSettings, type StartDeadline } from "./within-deadline.ts";

/** What all links of one identity share. */
export interface LinkServices {
  /**
   * The transport that the context wraps, without a log: each link has a log of its own, which
   * knows its secrets.
   */
  readonly transport: Http;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly setDeadline: DeadlineSettings["setDeadline"];
  /** `undefined`: tokens live in memory only. */
  readonly store: IdentityStore | undefined;
  readonly events: Events;
  /** Hooks of the caller around the work of sources. Default: none. */
  readonly instruments?: Instruments | undefined;
}

export interface LinkSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly services: LinkServices;
  /** Bounds of its tokens in memory. */
  readonly eviction: Eviction;
  /**
   * The options with their references looked up; called for every acquisition, so that secrets
   * rotate.
   */
  readonly resolveOptions: () => unknown;
  /** The place of the options, for error messages. */
  readonly path: string;
  /** Milliseconds; `undefined`: the source's own, or the default. */
  readonly deadlineMs: number | undefined;
  /** Whether its tokens may be remembered and stored. */
  readonly cached: boolean;
  /** Whether it is a credential of another library. Default `false`. */
  readonly isForeign?: boolean | undefined;
  /** Of a source that limits how many acquisitions run at once; shared by all its links. */
  readonly limiter: ConcurrencyLimiter | undefined;
  readonly expected: Parameters<typeof expectPrincipal>[1];
}

/**
 * A source with its options and everything that acts on it alone, without memory and other callers.
 */
export interface PlacedSource {
  readonly source: AnySource;
  /** The context of this source: its log and its HTTP know its secrets. */
  readonly context: SourceContext;
  readonly known: KnownSecrets;
  readonly reader: OptionsReader;
  readonly instance: SourceInstance;
  readonly startDeadline: StartDeadline;
  /**
   * The account of a tool; it returns `undefined` while the account is unknown, and then no
   * remembered token is served. Absent: the source has none.
   */
  readonly accountState: (() => string | undefined) | undefined;
  /** Throws when a token may not be used here (`expect`). */
  readonly check: (issued: IssuedToken) => void;
}

function createAccountState(source: AnySource, reader: OptionsReader, context: SourceContext) {
  if (source.accountState === undefined) return undefined;
  return (): string | undefined => {
    try {
      return readAccountState(source, reader.last().options, context);
    } catch {
      return undefined; // the options cannot be read
    }
  };
}

/**
 * @param onPrincipalChange called when options that were just read speak for another principal than
 *   those before
 */
export function placeSource(settings: LinkSettings, onPrincipalChange: () => void): PlacedSource {
  const { source, services, expected, path, deadlineMs } = settings;
  const known = createKnownSecrets(source, { ...settings.context, http: services.transport });
  const { clock, http, log } = known.context;
  const logged = logHttp(http, log, clock);
  const context = Object.freeze({ ...known.context, http: services.instruments?.http(source.name, logged) ?? logged });
  const reader = createOptionsReader({
    source,
    context,
    known,
    readOptions: settings.resolveOptions,
    checkOptions: (read) => checkOptions(source, read, path),
    onPrincipalChange,
  });
  const expects = Object.values(expected).some((wanted) => wanted !== undefined);
  return {
    source,
    context,
    known,
    reader,
    instance: createSourceInstance(source, context),
    startDeadline: createStartDeadline({ source, clock, deadlineMs, setDeadline: services.setDeadline }),
    accountState: createAccountState(source, reader, context),
    check(issued) {
      if (expects) expectPrincipal(source.name, expected, claimedPrincipal(issued.token));
    },
  };
}

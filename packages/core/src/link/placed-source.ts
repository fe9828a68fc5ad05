import { createFlights, type Flights, type ShareFlight } from "../async/flights.ts";
import type { ConcurrencyLimiter } from "../async/limiter.ts";
import type { Eviction } from "../cache/eviction.ts";
import type { Freshness } from "../cache/freshness.ts";
import type { SourceContext } from "../contract/context.ts";
import type { Events } from "../contract/events.ts";
import type { AnySource } from "../contract/services.ts";
import type { Http } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { logHttp } from "../services/log-http.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import type { Storing } from "../store/through-store.ts";
import { type ResolvedRequest, readAccountState } from "../token/resolved-request.ts";
import { checkExpected, type Expected } from "./expect.ts";
import type { Instruments } from "./instruments.ts";
import { createKnownSecrets, type KnownSecrets, withKnownSecrets } from "./known-secrets.ts";
import { createOptionsReader, type HasOptions, lastOptions } from "./options-reader.ts";
import type { ProbeMemory } from "./probe.ts";
import { credentialFor, type Instantiated } from "./source-instance.ts";
import { createTenantAliases } from "./tenant-aliases.ts";
import { createTokenState } from "./token-state.ts";
import type { Limited } from "./within-deadline.ts";

/** What all links of one identity share. */
export interface LinkServices {
  /**
   * The transport that the context wraps, without a log: each link has a log of its own, which
   * knows its secrets.
   */
  readonly transport: Http;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** When their tokens are due for refresh. */
  readonly freshness: Freshness;
  /** Texts that are equal when options are. */
  readonly textOf: (options: unknown) => string;
  /** Throws if no plugin has a source of this name. */
  readonly requireSource: (name: string) => void;
  readonly setDeadline: Limited["services"]["setDeadline"];
  /** `undefined`: tokens live in memory only. */
  readonly store: IdentityStore | undefined;
  readonly events: Events;
  /** How flights serve requests that are apart. Default: requests are not. */
  readonly share?: ShareFlight | undefined;
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
  readonly expected: Expected;
  /** The same with its references, for messages. */
  readonly expectedAsWritten?: object | undefined;
}

/** A source with its options and all that belongs to it: what each step of an acquisition gets. */
export interface PlacedSource extends LinkSettings, HasOptions, Instantiated, Storing<ResolvedRequest> {
  /** The context of this source: its log and its HTTP know its secrets. */
  readonly context: SourceContext;
  readonly services: LinkServices;
  /**
   * What is under way besides tokens that callers share: probes of its host, requests that share
   * nothing.
   */
  readonly otherFlights: Flights<unknown>;
  /** `undefined`: its host has not been probed. */
  probed: ProbeMemory | undefined;
}

/**
 * The account of a tool; `undefined` while it is unknown, and then no remembered token is served.
 * Also `undefined` for sources that have none.
 */
export function accountOf(placed: PlacedSource): string | undefined {
  const { source, context } = placed;
  if (source.accountState === undefined) return undefined;
  try {
    return readAccountState(source, lastOptions(placed).options, context);
  } catch {
    return undefined; // the options cannot be read
  }
}

/** How the tokens of a source are stored; `undefined`: they are not. */
function storeAccessOf(placed: PlacedSource): PlacedSource["storeAccess"] {
  const { source, context, services, cached } = placed;
  if (!cached) return undefined;
  const signedInAccount = async ({ options, signal }: ResolvedRequest): Promise<string | null | undefined> => {
    if (source.kind === "deployed" || source.accountState !== undefined) return undefined;
    const credential = await credentialFor(placed, options, signal);
    return credential.account === undefined ? undefined : ((await credential.account(signal)) ?? null);
  };
  const check = (issued: IssuedToken) => checkExpected(placed, issued);
  return services.store?.accessOf({ source, context, signedInAccount, check });
}

/** The context of a source whose log and HTTP know its secrets. */
function contextOf({ source, context, services }: LinkSettings, known: KnownSecrets): SourceContext {
  const { log, http } = withKnownSecrets(known, { log: context.log, http: services.transport });
  const logged = logHttp(http, log, context.clock);
  return Object.freeze({ ...context, log, http: services.instruments?.http(source.name, logged) ?? logged });
}

/** Gives a source its place. Nothing of it is called yet. */
export function placeSource(settings: LinkSettings): PlacedSource {
  const { source, services } = settings;
  const { share } = services;
  const known = createKnownSecrets(source, settings.context.env);
  const context = contextOf(settings, known);
  const placed: Omit<PlacedSource, "storeAccess"> & { storeAccess: PlacedSource["storeAccess"] } = {
    ...settings,
    context,
    known,
    reader: createOptionsReader(),
    aliases: createTenantAliases(share),
    tokens: createTokenState(context.clock, settings.eviction, share),
    instance: undefined,
    otherFlights: createFlights(share),
    probed: undefined,
    storeAccess: undefined,
  };
  placed.storeAccess = storeAccessOf(placed);
  return placed;
}

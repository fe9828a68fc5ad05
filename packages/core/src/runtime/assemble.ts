import { flightSharing } from "../async/flights.ts";
import { withinTime } from "../async/time-limit.ts";
import { createEviction } from "../cache/eviction.ts";
import type { Freshness } from "../cache/freshness.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { SourceOptionsResolver } from "../config/source-options.ts";
import type { Container } from "../container/container.ts";
import type { SourceContext } from "../contract/context.ts";
import type { Events } from "../contract/events.ts";
import type { Http, Logger } from "../contract/system-services.ts";
import type { Instruments } from "../link/instruments.ts";
import { createLinks, type Links } from "../link/link-registry.ts";
import type { Deadline } from "../link/within-deadline.ts";
import type { Registry } from "../plugins/registry.ts";
import type { Platform } from "../services/platform.ts";
import type { GuardedStore } from "../store/guarded-store.ts";
import { type Chains, createChains } from "./chain-factory.ts";
import { createWalkReport } from "./events.ts";
import type { SharedStore } from "./open-store.ts";
import type { ServiceOverrides } from "./services.ts";

/**
 * How long sources, and then services, may take to end when an identity is closed, in milliseconds.
 */
const closeMs = 5_000;

/** Waits for cleanup work for a limited time; slower work continues in the background. */
async function endInTime({ clock, log }: SourceContext, what: string, work: PromiseLike<unknown>): Promise<void> {
  const late = () => new Error(`${what} had not ended ${closeMs / 1000} s after the identity was closed.`);
  try {
    await withinTime({ clock, ms: closeMs, late }, new AbortController().signal, async () => work);
  } catch (error) {
    log.warn((error as Error).message);
  }
}

/** What an identity has in common with all that come from it (`Identity.with`). */
export interface CommonParts {
  readonly registry: Registry;
  readonly events: Events;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly platform: Platform;
  /** Texts that are equal when options are. */
  readonly textOf: (options: unknown) => string;
  /** By the signal of the work that they end. */
  readonly deadlines: WeakMap<AbortSignal, Deadline>;
}

/** What one identity is assembled from. */
export interface Parts {
  readonly common: CommonParts;
  readonly read: LoadedConfig;
  readonly sources: SourceOptionsResolver;
  /** The variables as they are now, for references. */
  readonly live: SourceContext["env"];
  /** The variables as they were at first use. */
  readonly env: Readonly<Record<string, string>>;
  readonly overrides: ServiceOverrides;
  readonly container: Container;
  /** What sends requests, without a caller's `http` around it. */
  readonly ownHttp: Http;
  readonly transport: Http;
  readonly context: SourceContext;
  /** When tokens are due for refresh. */
  readonly freshness: Freshness;
  readonly store: SharedStore;
  readonly instruments: Instruments | undefined;
}

/** The hooks of the caller, if there are any; what calls them is not loaded otherwise. */
export async function openInstruments(
  { instrumentation }: Pick<ServiceOverrides, "instrumentation">,
  log: Logger,
): Promise<Instruments | undefined> {
  if (instrumentation === undefined) return undefined;
  return (await import("../link/instruments.ts")).createInstruments(instrumentation, log);
}

/** Everything of one identity that exists once its config and plugins are loaded. */
export interface Runtime {
  /** For identities that come from it. */
  readonly parts: Parts;
  readonly links: Links;
  readonly chains: Chains;
  /** `undefined`: tokens live in memory alone. */
  readonly store: GuardedStore | undefined;
  /** @param users settles when no other identity uses the services of this one any more */
  close(reason: Error, users: Promise<unknown>): Promise<void>;
}

/** Makes the links and the chains of an identity. */
export function assemble(parts: Parts): Runtime {
  const { common, read, sources, context, container, transport, store, instruments, freshness } = parts;
  const { registry, events, random, deadlines, platform } = common;
  const { share } = platform;
  if (share !== undefined) container.registerInstance(flightSharing, share);
  const links = createLinks({
    read,
    registry,
    context,
    sources,
    createEviction: () => createEviction(read.config.cache ?? {}, () => context.clock.now()),
    services: Object.freeze({
      transport,
      random,
      freshness,
      textOf: common.textOf,
      requireSource: (name: string) => void registry.sourceOutsideChains(name),
      setDeadline: (signal: AbortSignal, deadline: Deadline) => void deadlines.set(signal, deadline),
      store: store.opened,
      events,
      instruments,
      share,
    }),
  });
  if (store.opened !== undefined) store.users.add(links);
  const onWalk = createWalkReport(context.log, events);
  return {
    parts,
    links,
    chains: createChains({ read, registry, context, links, onWalk, share }),
    store: store.opened?.guarded,
    async close(reason, users) {
      await endInTime(context, "The sources", Promise.all([links.close(reason), users]));
      await endInTime(context, "The services of plugins", container[Symbol.asyncDispose]());
    },
  };
}

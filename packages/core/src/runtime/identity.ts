import { type ChainEntry, copyConfig, type SharedSettings } from "../config/define.ts";
import type { EntryOptions, PluginInput, SourceNames } from "../config/source-types.ts";
import { wrongArgument } from "../options/check-named.ts";
import { createMemo } from "../options/memoize.ts";
import { copyPlain } from "../options/plain.ts";
import { createClock } from "../services/clock.ts";
import { isJsonObject } from "../util/json.ts";
import { createCheckOptions, type KnownConfig } from "./check-options.ts";
import { checkServices, checkSharedServices } from "./check-services.ts";
import { createCredential, type ExplainedCredential } from "./credential.ts";
import { createLoading, type Loading } from "./load-once.ts";
import type { StartPlace } from "./load-runtime.ts";
import type { ServiceOverrides, SharedOverrides } from "./services.ts";
import {
  createOwnCredential,
  createSourceCredential,
  type OwnCredential,
  type SourceCredential,
} from "./source-credential.ts";

/**
 * The member of an identity that loads what it is made of, for `inspectIdentity`. `Symbol.for`,
 * because that may be of another copy of this package.
 */
export const loadedRuntime: unique symbol = Symbol.for("@azidentity/runtime@1") as never;

/** Credentials by name and options that an identity keeps. */
const memoLimit = 1_000;

/**
 * What `createIdentity` returns: the default chain as a `TokenCredential`, and everything around
 * it. `P`, the plugins, says which names and options compile. Every `Identity<P>` is an `Identity`,
 * which takes any name; annotate a variable so where names are known at run time only.
 */
export interface Identity<P extends readonly PluginInput[] = readonly PluginInput[]>
  extends ExplainedCredential,
    AsyncDisposable {
  /**
   * One source by name, past the chain. Equal name and options: the same credential. A name or an
   * option that no plugin has rejects where a token is requested, with `unknown-source` or
   * `unknown-option`.
   *
   * @throws {ConfigurationError} `invalid-argument`: the options contain themselves.
   */
  credential<const N extends SourceNames<P>>(name: N, options?: EntryOptions<P, N>): SourceCredential;
  /**
   * A new credential each time, which shares no token, sign-in or request with another one: for
   * code that makes many of them, and ends each. It has no part in the chains, and bounds of memory
   * of its own. One that is no longer used need not be closed.
   *
   * @throws {ConfigurationError} `invalid-argument`: the options contain themselves.
   */
  createCredential<const N extends SourceNames<P>>(name: N, options?: EntryOptions<P, N>): OwnCredential;
  /**
   * Throws what a request of `credential(name, options)` would be rejected with because of its name
   * or options: for constructors, and for settings pages. Synchronous, and reads no file. Before
   * the config is loaded (see `ready`), plugins have to be values, and what a config file, a
   * reference or a variable may add is not missing yet.
   *
   * @throws {ConfigurationError} `not-loaded`: the plugins are found by name, and not loaded yet;
   *   `invalid-argument`, `unknown-source`, `unknown-option`, `invalid-option`,
   *   `conflicting-options`, `missing-reference`
   * @throws {IdentityError} `invalid-tenant`, `incomplete-options`, `not-configured`, and others
   *   that a plugin has for its options (docs/errors.md)
   */
  check<const N extends SourceNames<P>>(name: N, options?: EntryOptions<P, N>): void;
  /**
   * Another chain: of names, names with options and objects with `getToken`, or the name of one in
   * the config. A chain that is empty, or that the config does not have, rejects where a token is
   * requested, with `empty-chain` or `unknown-chain`.
   *
   * @throws {ConfigurationError} `invalid-argument`: options in it contain themselves.
   */
  chain(entries: readonly ChainEntry<P>[] | string): ExplainedCredential;
  /**
   * Loads config and plugins without requesting a token; rejects with what is wrong with them. A
   * load that failed is repeated by the next call.
   *
   * @throws {ConfigurationError} each code of the sections Config and Plugins of docs/errors.md
   * @throws {AbortError} `closed`
   */
  ready(): Promise<void>;
  /**
   * Another identity with settings of its own over what this one has loaded: config, plugins,
   * clock, commands, connections, and the token store unless `settings` have `cache`. Its tokens,
   * chains, log and sign-ins are its own: two with equal settings share no token in memory.
   * Synchronous and cheap; loads nothing, and what is wrong with `settings` rejects where a token
   * is requested.
   *
   * It is closed with this one. One that is no longer used need not be closed, unless it has a
   * store of its own.
   *
   * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type
   * @example
   * const credential = identity.with({ tenantId: customer.tenantId }).credential("client-secret");
   */
  with(settings: SharedSettings<P>, overrides?: SharedOverrides): Identity<P>;
  /**
   * Ends everything under way, also in identities that come from this one (`with`). Later calls
   * reject with the code `closed`. Waits for sources and for services of plugins to end, 5 s each
   * at most. Never rejects.
   */
  close(): Promise<void>;
}

/** The identity whose config is found by `place`. */
export function identityAt<P extends readonly PluginInput[]>(
  place: StartPlace,
  overrides: ServiceOverrides,
): Identity<P> {
  const checked = checkServices(overrides);
  const clock = checked.clock ?? createClock();
  const env = checked.env ?? process.env;
  return identityOver(
    createLoading(clock, async (signal) => (await place.firstUse()).loadRuntime(place, checked, signal)),
    { place, settings: [], env, configEnv: env },
  );
}

/** The arguments of `with`, checked and copied. */
function sharedOf(settings: unknown, overrides: SharedOverrides) {
  if (!isJsonObject(settings)) throw wrongArgument("identity.with takes an object.", "See SharedSettings.");
  return { settings: copyConfig(settings as SharedSettings), overrides: checkSharedServices(overrides) };
}

/** An identity that comes from the one that `parent` loads. */
function derivedFrom(parent: Loading, { place }: KnownConfig, given: ReturnType<typeof sharedOf>): Loading {
  return parent.derive(async () => {
    const [{ derive }, runtime] = await Promise.all([place.firstUse(), parent.load()]);
    return derive(runtime, given);
  });
}

/** @param known what `check` judges by before the config is loaded */
function identityOver<P extends readonly PluginInput[]>(loading: Loading, known: KnownConfig): Identity<P> {
  const { load, close } = loading;
  const credentials = createMemo<SourceCredential>(memoLimit, loading.textOf);
  return {
    ...createCredential(loading, ({ chains }) => chains.default()),
    credential: (name, given) =>
      credentials.get([name, given], ([, own]) =>
        createSourceCredential(loading, ({ links }) => links.named(name, own)),
      ),
    createCredential(name, given) {
      const own = copyPlain(given);
      return createOwnCredential(loading, ({ links }) => links.own(name, own));
    },
    check: createCheckOptions(known, loading),
    chain(entries) {
      const own: readonly ChainEntry[] | string = copyPlain(entries);
      return createCredential(loading, ({ chains }) => chains.of(own));
    },
    with(settings, overrides = {}) {
      const given = sharedOf(settings, overrides);
      const { env = known.env } = given.overrides;
      return identityOver(derivedFrom(loading, known, given), {
        ...known,
        settings: [given.settings, ...known.settings],
        env,
      });
    },
    ready: async () => void (await load()).chains.default(),
    close: () => close(),
    [Symbol.asyncDispose]: () => close(),
    [loadedRuntime as never]: load,
  };
}

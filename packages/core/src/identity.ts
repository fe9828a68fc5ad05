import { type ChainEntry, copyConfig, type IdentityConfig } from "./config/define.ts";
import { entryScript } from "./config/entry-script.ts";
import type { EntryOptions, PluginInput, SourceNames } from "./config/source-types.ts";
import { missingMethod } from "./contract/services.ts";
import type { AuthenticationRecord } from "./contract/source.ts";
import type { GetTokenOptions, TokenCredential } from "./contract/token.ts";
import { ConfigurationError } from "./errors/errors.ts";
import { createMemo } from "./options/memoize.ts";
import { copyPlain } from "./options/plain.ts";
import { refuseOldNode } from "./refuse-old-node.ts";
import { createAuthenticate, createCredential, createForUser, type ExplainedCredential } from "./runtime/credential.ts";
import { createLoading } from "./runtime/load-once.ts";
import type { StartPlace } from "./runtime/load-runtime.ts";
import type { ServiceOverrides } from "./runtime/services.ts";
import { isJsonObject } from "./util/json.ts";
import { didYouMean } from "./util/suggest.ts";

/** Credentials by name and options that an identity keeps. */
const memoLimit = 1_000;

/** A config, and where else to look for one. */
export interface IdentityOptions<P extends readonly PluginInput[] = readonly PluginInput[]> extends IdentityConfig<P> {
  /** The config file to use. Its absence is an error. Default: AZIDENTITY_CONFIG, else the project that owns the program. */
  readonly configFile?: string;
  /** `false`: look for no config file. */
  readonly config?: false;
  /** Refuse to work without a config file. Default `false`. */
  readonly requireConfig?: boolean;
}

/** One source with its options. */
export interface SourceCredential extends ExplainedCredential {
  /**
   * The credential of one user, for sources that act on behalf of users. Cheap: make one per web
   * request. A source that cannot act on behalf of users rejects where a token is requested, with
   * `user-assertion-unsupported`.
   *
   * @param assertion the access token of the user's request, without the word Bearer
   * @throws {ConfigurationError} `invalid-argument`: the assertion is not a text, or empty
   */
  forUser(assertion: string): TokenCredential;
  /**
   * Signs a user in now, for sources that prompt; the account that was signed in before is
   * forgotten. Returns the account, to be stored and passed as `authenticationRecord` later.
   *
   * @throws {IdentityError} `authenticate-unsupported`, `sign-in-declined`, `no-browser`,
   * `code-expired`, `another-tenant`, `cancelled`, and the codes of `getToken` (docs/errors.md)
   */
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord>;
}

/**
 * What `createIdentity` returns: the default chain as a `TokenCredential`, and everything around it. `P`, the plugins, says which
 * names and options compile. Every `Identity<P>` is an `Identity`, which takes any name; annotate a variable so where names are
 * known at run time only.
 */
export interface Identity<P extends readonly PluginInput[] = readonly PluginInput[]>
  extends ExplainedCredential,
    AsyncDisposable {
  /**
   * One source by name, past the chain. Equal name and options: the same credential. A name or an option that no plugin has
   * rejects where a token is requested, with `unknown-source` or `unknown-option`.
   *
   * @throws {ConfigurationError} `invalid-argument`: the options contain themselves.
   */
  credential<const N extends SourceNames<P>>(name: N, options?: EntryOptions<P, N>): SourceCredential;
  /**
   * Another chain: of names, names with options and objects with `getToken`, or the name of one in the config. A chain that is empty,
   * or that the config does not have, rejects where a token is requested, with `empty-chain` or `unknown-chain`.
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
   * Ends everything under way. Later calls reject with the code `closed`. Waits for sources and for
   * services of plugins to end, 5 s each at most. Never rejects.
   */
  close(): Promise<void>;
}

function wrongArgument(message: string, remedy: string): ConfigurationError {
  return new ConfigurationError("invalid-argument", message, { remedy });
}

function placeOf(options: IdentityOptions): StartPlace {
  if (typeof options !== "object" || options === null) {
    throw wrongArgument("createIdentity takes an object.", "See IdentityOptions.");
  }
  const { configFile, config, requireConfig, ...given } = options;
  if (config !== undefined && config !== false)
    throw wrongArgument("`config` can only be false.", "Give the config's fields themselves.");
  if (configFile !== undefined && (typeof configFile !== "string" || configFile === ""))
    throw wrongArgument("`configFile` is not a path.", "Make one of a URL with `fileURLToPath`.");
  if (configFile !== undefined && config === false)
    throw wrongArgument("`configFile` names a config, and `config: false` wants none.", "Take one of them away.");
  return {
    given: copyConfig(given),
    file: configFile,
    search: config !== false,
    require: requireConfig === true,
    entryScript: entryScript(process),
    workingDirectory: process.cwd(),
  };
}

const lendable = ["http", "commands", "clock", "logger", "env", "random"] satisfies (keyof ServiceOverrides)[];

/** The services as they are at the call; refuses what is none. */
function checkServices(overrides: ServiceOverrides): ServiceOverrides {
  if (!isJsonObject(overrides))
    throw wrongArgument("createIdentity takes its services as an object.", "See ServiceOverrides.");
  const given = { ...(overrides as ServiceOverrides) };
  for (const [name, service] of Object.entries(given)) {
    if (!(lendable as string[]).includes(name))
      throw wrongArgument(`createIdentity takes no service "${name}".`, didYouMean(name, lendable));
    if (service === undefined) continue;
    const method = missingMethod(name, service);
    if (method !== undefined)
      throw wrongArgument(`The service "${name}" has no method ${method}().`, "See ServiceOverrides.");
    if (name === "env" && !isJsonObject(service))
      throw wrongArgument("The environment is no object.", "Give variables by name, like `process.env`.");
    if (name === "random" && typeof service !== "function")
      throw wrongArgument("`random` is no function.", "Give one that returns numbers from 0 to 1, like `Math.random`.");
  }
  return given;
}

/**
 * Makes an identity. Synchronous, and does nothing yet: config and plugins load on first use (or with `ready()`), so
 * what is wrong with them rejects where a token is requested.
 *
 * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type; `node-too-old`
 * @example
 * const identity = createIdentity();
 * const client = new BlobServiceClient(url, identity);
 */
export function createIdentity<const P extends readonly PluginInput[] = readonly PluginInput[]>(
  options: IdentityOptions<P> = {},
  overrides: ServiceOverrides = {},
): Identity<P> {
  refuseOldNode();
  const lent = checkServices(overrides);
  const loading = createLoading(placeOf(options as IdentityOptions), lent);
  const { load, close } = loading;
  const credentials = createMemo<SourceCredential>(memoLimit);
  return {
    ...createCredential(loading, ({ chains }) => chains.default()),
    credential: (name, given) =>
      credentials.get([name, given], ([, own]) => ({
        ...createCredential(loading, ({ chains }) => chains.only(name, own)),
        forUser: createForUser(loading, name, own),
        authenticate: createAuthenticate(load, name, own),
      })),
    chain(entries) {
      const own: readonly ChainEntry[] | string = copyPlain(entries);
      return createCredential(loading, ({ chains }) => chains.of(own));
    },
    ready: async () => void (await load()).chains.default(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

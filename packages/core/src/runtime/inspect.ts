import { withOwnSignal } from "../async/abort.ts";
import type { Chain } from "../chain/chain.ts";
import { likeliestCause } from "../chain/likeliest-cause.ts";
import type { ChainEntry, IdentityConfig } from "../config/define.ts";
import type { SourceContext } from "../contract/context.ts";
import { type IdentityPlugin, services } from "../contract/services.ts";
import type { SourceKind } from "../contract/source.ts";
import type { GetTokenOptions } from "../contract/token.ts";
import type { Attempt, Walk } from "../contract/walk.ts";
import type { IdentityError } from "../errors/errors.ts";
import { wrongArgument } from "../options/check-named.ts";
import { agentOptions } from "../services/agents.ts";
import { trustIn } from "../services/http.ts";
import { createProxySettings } from "../services/proxy.ts";
import { normalizeRequest } from "../token/request.ts";
import type { Parts, Runtime } from "./assemble.ts";
import { type Identity, loadedRuntime } from "./identity.ts";
import { httpSettingsOf } from "./services.ts";

/** Which chain is explained, and what is reported meanwhile. */
export interface ExplainSettings extends Pick<GetTokenOptions, "tenantId" | "claims" | "abortSignal"> {
  /** Entries, or the name of a chain of the config. Default: the default chain. */
  readonly chain?: readonly ChainEntry[] | string;
  /** Called with each attempt as soon as it has ended. Default: nothing is called. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** A walk past every cache, and what callers would get. */
export interface Explanation {
  /** The record of the walk. */
  readonly walk: Walk;
  /**
   * What `getToken` would reject with: the likeliest cause, with its remedy. For the error of
   * another library the one of ours that stands for it. `undefined`: there was a token.
   */
  readonly error: IdentityError | undefined;
  /** The attempt whose cause a person most likely has to fix; `undefined`: there was a token. */
  readonly cause: Attempt | undefined;
  /** When the token expires, milliseconds since 1970; `undefined`: there was none. */
  readonly expiresOnTimestamp: number | undefined;
}

/** What an identity has loaded. */
export interface Inspection {
  /** The config file; `undefined`: there is none. */
  readonly configFile: string | undefined;
  /**
   * The config with all its layers, and references as they were written. Secrets that code gives,
   * or a config with `allowInlineSecrets`, are in it.
   */
  readonly settings: IdentityConfig;
  /** The plugins, in the order in which they were loaded. */
  readonly plugins: readonly IdentityPlugin[];
  /** The sources that the mode allows, whether in the chain or not. */
  readonly sources: readonly { readonly name: string; readonly kind: SourceKind }[];
  /** The sources of the default chain, in order. */
  readonly chain: readonly { readonly name: string; readonly kind: SourceKind }[];
  /** The token store that the config chooses; `undefined`: tokens live in memory alone. */
  readonly store: InspectedStore | undefined;
  /**
   * What the sources get. Requests that are sent with it pass the proxy and the authorities of the
   * config.
   */
  readonly context: SourceContext;
  /**
   * Options for an agent of `node:http` or `node:https`, for requests that `context.http` cannot
   * send, such as streams: with the proxy and the certificate authorities of the config and the
   * variables.
   *
   * @param url what the agent is for; its origin alone
   * @throws {ConfigurationError} `proxy-unsupported`, `invalid-proxy`, and what is wrong with the
   *   file of `http.caFile`
   */
  agentOptions(url: URL): object;
  /**
   * Walks a chain as `Identity.explain` does: past every cache, and without a prompt.
   *
   * @throws {AuthenticationError} `no-scope`, `invalid-scope`, `invalid-tenant`, `invalid-claims`
   * @throws {ConfigurationError} `unknown-chain`, `empty-chain`, `unknown-source`, and what is
   *   wrong with options
   * @throws {AbortError} `cancelled`, `closed`
   */
  explain(scopes: string | string[], settings?: ExplainSettings): Promise<Explanation>;
}

/** The token store of an identity. */
export interface InspectedStore {
  /** Its name in the config, e.g. `file`. */
  readonly name: string;
  /**
   * Opens the store and reads from it. Returns why that failed; `undefined`: it works. Never
   * rejects.
   */
  diagnose(): Promise<unknown>;
}

const placesOf = (chain: readonly { readonly name: string; readonly kind: SourceKind }[]) =>
  chain.map(({ name, kind }) => ({ name, kind }));

async function explain(chain: Chain, scopes: string | string[], settings: ExplainSettings): Promise<Explanation> {
  const { onAttempt, chain: _, ...options } = settings;
  const request = normalizeRequest(scopes, options);
  const { walk, error, token, failed } = await withOwnSignal(options.abortSignal, (signal) =>
    chain.explain(request, signal, onAttempt),
  );
  const isExhausted = error?.name === "AggregateAuthenticationError";
  const cause = error && (isExhausted ? likeliestCause(failed) : failed.at(-1))?.attempt;
  return { walk, error, cause, expiresOnTimestamp: token?.expiresOnTimestamp };
}

function storeOf({ store, parts }: Runtime): InspectedStore | undefined {
  const { store: name } = parts.read.config.cache ?? {};
  if (store === undefined || !name) return undefined;
  const user = { source: "inspection", background: false };
  const use = async () => {
    const opened = await store.perform("open", user, () => parts.context.service(services.tokenStore));
    await store.perform("get", user, async () => opened?.get("azidentity.diagnose"));
  };
  return {
    name,
    diagnose: () =>
      use().then(
        () => undefined,
        (error) => error,
      ),
  };
}

function agentOptionsOf({ read, env }: Parts, url: URL): object {
  const { ca, proxy } = httpSettingsOf(read, env);
  return agentOptions({ url, tls: undefined, proxy: createProxySettings(env, proxy)?.(url), trust: trustIn(ca) });
}

/**
 * Loads an identity, if it is not loaded yet, and returns what it is made of.
 *
 * @throws {ConfigurationError} what `Identity.ready` rejects with; `invalid-argument`: not an
 * identity
 * @throws {AbortError} `closed`
 */
export async function inspectIdentity(identity: Identity): Promise<Inspection> {
  const load = (identity as { [loadedRuntime]?: () => Promise<Runtime> })[loadedRuntime];
  if (load === undefined) throw wrongArgument("This is not an identity.", "Pass what `createIdentity` returned.");
  const runtime = await load();
  const { parts, chains } = runtime;
  const { registry } = parts.common;
  return {
    configFile: parts.read.file,
    settings: parts.read.written,
    plugins: registry.plugins,
    sources: placesOf(registry.sources),
    chain: placesOf(chains.default().sources),
    store: storeOf(runtime),
    context: parts.context,
    agentOptions: (url) => agentOptionsOf(parts, url),
    explain: async (scopes, settings = {}) =>
      explain(settings.chain === undefined ? chains.default() : chains.of(settings.chain), scopes, settings),
  };
}

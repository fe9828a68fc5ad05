import { withOwnSignal } from "../async/abort.ts";
import { loadUnlessAborted, withinCallerLimit } from "../async/caller-limits.ts";
import type { Chain } from "../chain/chain.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../contract/token.ts";
import type { Walk } from "../contract/walk.ts";
import { passedOn } from "../errors/passed-on.ts";
import type { GuardedStore } from "../store/guarded-store.ts";
import { isIntact } from "../token/access-token.ts";
import { normalizeRequest } from "../token/request.ts";
import type { Runtime } from "./assemble.ts";
import type { Loading } from "./load-once.ts";
import { createTokenProvider, type TokenProvider } from "./token-provider.ts";

/**
 * Walks a chain past every cache and says what happened. Never prompts; changes neither winner nor
 * store.
 */
export interface Explain {
  /**
   * The record of a walk that is made for this call. A source that fails is an attempt in it, not
   * an error.
   *
   * @throws {AuthenticationError} `no-scope`, `invalid-scope`, `invalid-tenant`, `invalid-claims`
   * @throws {ConfigurationError} what is wrong with config and plugins, as `Identity.ready`
   * (docs/errors.md)
   * @throws {AbortError} `cancelled`, `closed`
   */
  (scopes: string | string[], options?: GetTokenOptions): Promise<Walk>;
  /**
   * The walk that really happened last; `undefined` before the first. Its `storeFailure` is what is
   * known of the store now, without trying it.
   */
  readonly last: Walk | undefined;
}

/**
 * A credential that explains how it came by its tokens, and makes functions that return their text.
 */
export interface ExplainedCredential extends TokenCredential {
  /** Says which source would return a token now, and why the others would not. */
  readonly explain: Explain;
  /**
   * The promise that `getToken` would return at once, where memory holds a valid token for these
   * arguments; `undefined` where a token would have to be requested, and before the first one.
   * Never rejects.
   */
  peek(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> | undefined;
  /**
   * A function that returns the text of a token, for clients that take one instead of a credential,
   * e.g. as `azureADTokenProvider`. Costs what `getToken` costs. `options` apply to each of its
   * calls.
   *
   * @throws {AuthenticationError} `no-scope`, `invalid-scope`, `invalid-tenant`, `invalid-claims`,
   *   `invalid-argument`, `invalid-proof-of-possession`: at once, for arguments that are wrong.
   */
  provider(scopes: string | string[], options?: GetTokenOptions): TokenProvider;
}

const lastKey = Symbol("last");

/**
 * One getter for all credentials: with one of its own, each function would have a table of its own
 * for its properties.
 */
const lastProperty: PropertyDescriptor & ThisType<{ readonly [lastKey]: () => Walk | undefined }> = {
  get() {
    return this[lastKey]();
  },
};

const withFailure = (walk: Walk, storeFailure: string | undefined): Walk =>
  storeFailure === undefined ? walk : Object.freeze({ ...walk, storeFailure });

/**
 * Lets equal calls of one synchronous turn that cannot abort share one promise, so that a thousand
 * cost what one does. Nothing that a token depends on changes within a turn; a later call looks at
 * options and accounts itself.
 */
function sharedInTurn(acquire: (scope: string) => Promise<AccessToken>): typeof acquire {
  let thisTurn: Map<string, Promise<AccessToken>> | undefined;
  const endTurn = () => {
    thisTurn = undefined;
  };
  return (scope) => {
    const running = thisTurn?.get(scope);
    if (running !== undefined && isIntact(running)) return running;
    if (thisTurn === undefined) queueMicrotask(endTurn);
    thisTurn ??= new Map();
    const started = acquire(scope);
    thisTurn.set(scope, started);
    return started;
  };
}

/**
 * A credential over a chain that is built when it is first needed. A hit is one call into memory.
 */
export function createCredential(loading: Loading, build: (runtime: Runtime) => Chain): ExplainedCredential {
  let chain: Chain | undefined;
  let store: GuardedStore | undefined;
  const built = (runtime: Runtime): Chain => {
    store = runtime.store;
    chain ??= build(runtime);
    return chain;
  };

  const acquire = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> => {
    const request = normalizeRequest(scopes, options);
    return withinCallerLimit(loading.clock, options, async (signal) => {
      try {
        const runtime = loading.loaded ?? (await loadUnlessAborted(loading.load, signal));
        return await built(runtime).getToken(request, signal);
      } catch (error) {
        throw passedOn(error);
      }
    });
  };
  const acquireShared = sharedInTurn(acquire);

  const explain = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<Walk> => {
    const request = normalizeRequest(scopes, options);
    const runtime = await loadUnlessAborted(loading.load, options.abortSignal);
    const asked = built(runtime);
    const walking = withOwnSignal(options.abortSignal, (signal) => asked.explain(request, signal));
    const [{ walk }, storeFailure] = await Promise.all([walking, runtime.store?.diagnose()]);
    return withFailure(walk, storeFailure);
  };
  const last = (): Walk | undefined => {
    const walk = chain?.last;
    return walk && withFailure(walk, store?.failure);
  };
  Object.defineProperty(explain, lastKey, { value: last });
  Object.defineProperty(explain, "last", lastProperty);

  const peek: ExplainedCredential["peek"] = (scopes, options) => chain?.peek(scopes, options);
  const getToken: TokenCredential["getToken"] = (scopes, options) => {
    const hit = peek(scopes, options);
    if (hit !== undefined) return hit;
    return options === undefined && typeof scopes === "string" ? acquireShared(scopes) : acquire(scopes, options);
  };

  return {
    getToken,
    peek,
    explain: explain as Explain,
    provider: (scopes, options) => createTokenProvider(getToken, scopes, options),
  };
}

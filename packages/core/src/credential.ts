import { following, type Loading, loaded, withinLimits } from "./caller-limits.ts";
import type { Chain } from "./chain/chain.ts";
import type { Link } from "./chain/link.ts";
import type { Ask } from "./chain/walk.ts";
import { isIntact } from "./contract/access-token.ts";
import { ConfigurationError } from "./contract/errors.ts";
import { outcomeError } from "./contract/outcome-error.ts";
import type { AuthenticationRecord } from "./contract/source.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "./contract/token.ts";
import type { Walk } from "./contract/walk.ts";
import { userOf } from "./principal.ts";
import { normalizeRequest } from "./request.ts";
import type { Runtime } from "./runtime.ts";
import type { StoreHealth } from "./store-health.ts";

/** Walks a chain past every cache and says what happened. Never prompts; changes neither winner nor store. */
export interface Explain {
  (scopes: string | string[], options?: GetTokenOptions): Promise<Walk>;
  /**
   * The walk that really happened last; `undefined` before the first. Its `storeFailure` is what is known of the store now, without
   * trying it.
   */
  readonly last: Walk | undefined;
}

/** A credential that can say how it came by its tokens. */
export interface ExplainedCredential extends TokenCredential {
  readonly explain: Explain;
}

const pastCaches: Ask = (link, request, signal) => {
  if (link.kind !== "interactive") return link.getFreshToken(request, signal);
  throw outcomeError("interaction-required", `${link.name} would ask a person, which explain never does.`);
};

const withFailure = (walk: Walk, storeFailure: string | undefined): Walk =>
  storeFailure === undefined ? walk : Object.freeze({ ...walk, storeFailure });

/** A credential over a chain that is built when it is first needed. A hit is one call into memory. */
export function createCredential(loading: Loading, build: (runtime: Runtime) => Chain): ExplainedCredential {
  let chain: Chain | undefined;
  let store: StoreHealth | undefined;
  const built = (runtime: Runtime): Chain => {
    store = runtime.store;
    chain ??= build(runtime);
    return chain;
  };

  const slow = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> => {
    const request = normalizeRequest(scopes, options);
    return withinLimits(loading, options, (runtime, signal) => built(runtime).getToken(request, signal));
  };

  /**
   * Equal calls that cannot abort share one promise: a thousand cost what one does. Equal means
   * the same text under the same accounts: a call after `az login` as another is not equal.
   */
  const waiting = new Map<string, Promise<AccessToken>>();
  const sharedSlow = (scope: string): Promise<AccessToken> => {
    const key = `${chain?.accounts() ?? ""} ${scope}`;
    const running = waiting.get(key);
    if (running !== undefined && isIntact(running)) return running;
    const started = slow(scope).finally(() => waiting.delete(key));
    waiting.set(key, started);
    return started;
  };

  const explain = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<Walk> => {
    const request = normalizeRequest(scopes, options);
    const runtime = await loaded(loading.load, options.abortSignal);
    const asked = built(runtime);
    const walking = following(options, (signal) => asked.explain(request, pastCaches, signal));
    const [walk, storeFailure] = await Promise.all([walking, runtime.store?.examine()]);
    return withFailure(walk, storeFailure);
  };
  const last = (): Walk | undefined => {
    const walk = chain?.last;
    return walk && withFailure(walk, store?.failure);
  };
  Object.defineProperty(explain, "last", { get: last });

  return {
    getToken(scopes, options) {
      const hit = chain?.peek(scopes, options);
      if (hit !== undefined) return hit;
      return options === undefined && typeof scopes === "string" ? sharedSlow(scopes) : slow(scopes, options);
    },
    explain: explain as Explain,
  };
}

/** Makes the credentials of single users, over one source that acts on their behalf. */
export function createForUser(
  loading: Loading,
  name: string,
  options: unknown,
): (assertion: string) => TokenCredential {
  let link: Link | undefined;
  return (assertion) => {
    if (typeof assertion !== "string" || assertion === "") {
      throw new ConfigurationError("invalid-argument", "forUser takes the access token of the user's request.", {
        remedy: "Take it from the Authorization header, without the word Bearer.",
      });
    }
    const user = userOf(assertion);
    const slow = async (scopes: string | string[], asked: GetTokenOptions = {}): Promise<AccessToken> => {
      const request = normalizeRequest(scopes, asked, assertion);
      return withinLimits(loading, asked, ({ links }, signal) => {
        link ??= links.named(name, options);
        return link.getToken(request, signal, user);
      });
    };
    return { getToken: (scopes, asked) => link?.peek(scopes, asked, user) ?? slow(scopes, asked) };
  };
}

/** Signs a person in with one source. */
export function createAuthenticate(load: () => Promise<Runtime>, name: string, given: unknown) {
  return async (scopes: string | string[], options: GetTokenOptions = {}): Promise<AuthenticationRecord> => {
    const request = normalizeRequest(scopes, options);
    const { links } = await loaded(load, options.abortSignal);
    return following(options, (signal) => links.named(name, given).authenticate(request, signal));
  };
}

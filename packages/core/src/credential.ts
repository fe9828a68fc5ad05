import type { Chain } from "./chain/chain.ts";
import type { Link } from "./chain/link.ts";
import type { Ask } from "./chain/walk.ts";
import { ConfigurationError, callerAborted, outcomeError, workDone } from "./contract/errors.ts";
import type { Clock } from "./contract/services.ts";
import type { AuthenticationRecord } from "./contract/source.ts";
import type { AbortSignalLike, AccessToken, GetTokenOptions, TokenCredential } from "./contract/token.ts";
import type { Walk } from "./contract/walk.ts";
import { userOf } from "./principal.ts";
import { normalizeRequest } from "./request.ts";
import type { Runtime } from "./runtime.ts";

/** Walks a chain past every cache and says what happened. Never prompts; changes neither winner nor store. */
export interface Explain {
  (scopes: string | string[], options?: GetTokenOptions): Promise<Walk>;
  /** The walk that really happened last; `undefined` before the first. */
  readonly last: Walk | undefined;
}

/** A credential that can say how it came by its tokens. */
export interface ExplainedCredential extends TokenCredential {
  readonly explain: Explain;
}

/** What is there before config and plugins are. */
export interface Loading {
  readonly load: () => Promise<Runtime>;
  readonly clock: Clock;
}

/** A signal of our own that follows the caller's. */
function follow(options: GetTokenOptions): { readonly controller: AbortController; readonly release: () => void } {
  const controller = new AbortController();
  const onAbort = () => controller.abort(callerAborted());
  if (options.abortSignal?.aborted) onAbort();
  options.abortSignal?.addEventListener("abort", onAbort);
  return { controller, release: () => options.abortSignal?.removeEventListener("abort", onAbort) };
}

/** The runtime, unless the caller gives up before it is loaded. */
async function loaded(load: () => Promise<Runtime>, signal: AbortSignalLike | undefined): Promise<Runtime> {
  if (signal === undefined) return load();
  const given = Promise.withResolvers<never>();
  const onAbort = () => given.reject(callerAborted());
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([given.promise, load()]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Limits one caller's wait; what it waited for goes on for others. */
async function withTimeout<T>(
  clock: Clock,
  ms: number,
  options: GetTokenOptions,
  run: (signal: AbortSignal) => Promise<T>,
) {
  const { controller, release } = follow(options);
  const finished = new AbortController();
  let late = false;
  const timer = clock.sleep(ms, finished.signal).then(
    () => {
      late = true;
      controller.abort();
    },
    () => undefined,
  );
  try {
    return await run(controller.signal);
  } catch (error) {
    throw late ? outcomeError("timeout", `No token within the request's timeout of ${ms} ms.`) : error;
  } finally {
    release();
    finished.abort(workDone);
    await timer;
  }
}

/** Loads and asks within what the caller allows: its signal, and its timeout when it has one. */
function within(
  { load, clock }: Loading,
  options: GetTokenOptions,
  ask: (runtime: Runtime, signal: AbortSignalLike | undefined) => Promise<AccessToken>,
): Promise<AccessToken> {
  const run = async (signal: AbortSignalLike | undefined) => ask(await loaded(load, signal), signal);
  const ms = options.requestOptions?.timeout;
  return ms !== undefined && ms > 0 ? withTimeout(clock, ms, options, run) : run(options.abortSignal);
}

const pastCaches: Ask = (link, request, signal) => {
  if (link.kind !== "interactive") return link.getFreshToken(request, signal);
  throw outcomeError("interaction-required", `${link.name} would ask a person, which explain never does.`);
};

/** A credential over a chain that is built when it is first needed. A hit is one call into memory. */
export function createCredential(loading: Loading, build: (runtime: Runtime) => Chain): ExplainedCredential {
  let chain: Chain | undefined;

  const slow = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> => {
    const request = normalizeRequest(scopes, options);
    return within(loading, options, (runtime, signal) => {
      chain ??= build(runtime);
      return chain.getToken(request, signal);
    });
  };

  /** Callers who ask for the same in the same words, and cannot abort, need not even be told apart: a thousand cost what one does. */
  const waiting = new Map<string, Promise<AccessToken>>();
  const sharedSlow = (scope: string): Promise<AccessToken> => {
    const running = waiting.get(scope);
    if (running !== undefined) return running;
    const started = slow(scope).finally(() => waiting.delete(scope));
    waiting.set(scope, started);
    return started;
  };

  const explain = async (scopes: string | string[], options: GetTokenOptions = {}): Promise<Walk> => {
    const request = normalizeRequest(scopes, options);
    const runtime = await loaded(loading.load, options.abortSignal);
    chain ??= build(runtime);
    const { controller, release } = follow(options);
    try {
      const [walk, storeFailure] = await Promise.all([
        chain.explain(request, pastCaches, controller.signal),
        runtime.store?.examine(),
      ]);
      return storeFailure === undefined ? walk : { ...walk, storeFailure };
    } finally {
      release();
    }
  };
  Object.defineProperty(explain, "last", { get: () => chain?.last });

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
      throw new ConfigurationError(
        "invalid-argument",
        "forUser takes the access token that the user's request carried.",
        {
          remedy: "Take it from the Authorization header, without the word Bearer.",
        },
      );
    }
    const user = userOf(assertion);
    const slow = async (scopes: string | string[], asked: GetTokenOptions = {}): Promise<AccessToken> => {
      const request = normalizeRequest(scopes, asked, assertion);
      return within(loading, asked, ({ links }, signal) => {
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
    const { controller, release } = follow(options);
    try {
      return await links.named(name, given).authenticate(request, controller.signal);
    } finally {
      release();
    }
  };
}

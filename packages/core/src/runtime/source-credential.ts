import { withOwnSignal } from "../async/abort.ts";
import { loadUnlessAborted, withinCallerLimit } from "../async/caller-limits.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../contract/token.ts";
import { AbortError } from "../errors/errors.ts";
import type { ClosableLink } from "../link/create-link.ts";
import { wrongArgument } from "../options/check-named.ts";
import { userOf } from "../token/principal.ts";
import { normalizeRequest } from "../token/request.ts";
import type { Runtime } from "./assemble.ts";
import { createCredential, type ExplainedCredential } from "./credential.ts";
import type { Loading } from "./load-once.ts";

/** The credential of one user, on whose behalf a source acts. */
export type UserCredential = TokenCredential & Pick<ExplainedCredential, "peek">;

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
  forUser(assertion: string): UserCredential;
  /**
   * Signs a user in now, for sources that prompt; the account that was signed in before is
   * forgotten. Returns the account, to be stored and passed as `authenticationRecord` later.
   *
   * @throws {IdentityError} `authenticate-unsupported`, `sign-in-declined`, `no-browser`,
   * `code-expired`, `another-tenant`, `cancelled`, and the codes of `getToken` (docs/errors.md)
   */
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord>;
}

/** One source with tokens, sign-ins and requests of its own, which can be closed by itself. */
export interface OwnCredential extends SourceCredential, AsyncDisposable {
  /**
   * Ends what this credential has under way, and forgets its tokens. Later calls reject with the
   * code `closed`. Waits for the source to end. Never rejects.
   */
  close(): Promise<void>;
}

/** Finds or makes the link of a credential. */
type FindLink = (runtime: Runtime) => ClosableLink;

function checkAssertion(assertion: unknown): asserts assertion is string {
  if (typeof assertion === "string" && !/^\s*(?:$|bearer\s)/i.test(assertion)) return;
  throw wrongArgument(
    "forUser takes the access token of the user's request.",
    "Take it from the Authorization header, without the word Bearer.",
  );
}

/** The credential of one source, whose link is found when it is first needed, and kept. */
export function createSourceCredential(loading: Loading, find: FindLink): SourceCredential {
  let link: ClosableLink | undefined;
  const linkOf: FindLink = (runtime) => {
    link ??= find(runtime);
    return link;
  };
  return {
    ...createCredential(loading, (runtime) => runtime.chains.only(linkOf(runtime))),
    forUser(assertion) {
      checkAssertion(assertion);
      const user = userOf(assertion);
      const acquire = async (scopes: string | string[], asked: GetTokenOptions = {}): Promise<AccessToken> => {
        const request = normalizeRequest(scopes, asked, assertion);
        return withinCallerLimit(loading.clock, asked, async (signal) =>
          linkOf(loading.loaded ?? (await loadUnlessAborted(loading.load, signal))).getToken(request, signal, user),
        );
      };
      const peek: UserCredential["peek"] = (scopes, asked) => link?.peek(scopes, asked, user);
      return { getToken: (scopes, asked) => peek(scopes, asked) ?? acquire(scopes, asked), peek };
    },
    async authenticate(scopes, options = {}) {
      const request = normalizeRequest(scopes, options);
      const runtime = await loadUnlessAborted(loading.load, options.abortSignal);
      return withOwnSignal(options.abortSignal, (signal) => linkOf(runtime).authenticate(request, signal));
    },
  };
}

/** The same over a link of its own, which ends with it. */
export function createOwnCredential(loading: Loading, make: FindLink): OwnCredential {
  let link: ClosableLink | undefined;
  let closed: Error | undefined;
  const open: FindLink = (runtime) => {
    if (closed !== undefined) throw closed;
    link = make(runtime);
    return link;
  };
  const close = async (): Promise<void> => {
    closed ??= new AbortError("This credential was closed. Make a new one.", { code: "closed" });
    await link?.close(closed).catch(() => undefined);
  };
  return { ...createSourceCredential(loading, open), close, [Symbol.asyncDispose]: close };
}

import { AggregateAuthenticationError, CredentialUnavailableError } from "../errors/errors.ts";
import { logFailure, logSuccess } from "../logging/credential-log.ts";
import { peekToken, requestToken } from "../shared/calls.ts";
import { closedError, findInstance, keepOn } from "../shared/instance.ts";
import { inSpan } from "../tracing/spans.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../types/token.ts";
import { Credential } from "./base.ts";

/** The credentials of a chain, and the one that had a token last. */
interface Members {
  readonly sources: readonly TokenCredential[];
  elected: TokenCredential | undefined;
  isClosed: boolean;
}

const members = Symbol("azidentity.members");

const membersOf = (chain: object) => (chain as { readonly [members]?: () => Members })[members]?.();

/** Whether the next credential is tried after an error. */
function isSkipped(error: unknown): boolean {
  const { name } = Object(error) as Error;
  return name === "CredentialUnavailableError" || name === "AuthenticationRequiredError";
}

/** The credentials in the order of one call: the one that had a token last is asked first. */
const inOrder = ({ sources, elected }: Members) =>
  elected === undefined ? sources : [elected, ...sources.filter((one) => one !== elected)];

/**
 * Tries credentials in their order until one returns a token, and asks that one first from then on.
 * Ends with the first error that is neither a CredentialUnavailableError nor an
 * AuthenticationRequiredError. Credentials of any library get the call as it came, and their tokens
 * and errors come out as they are.
 */
export class ChainedTokenCredential extends Credential {
  constructor(...sources: TokenCredential[]) {
    super();
    keepOn<Members>(this, members, { sources, elected: undefined, isClosed: false });
  }

  /**
   * Returns a token of the first credential that has one.
   *
   * @throws {AggregateAuthenticationError} No credential has one; `errors` has their errors
   * (docs/errors.md).
   * @throws {Error} what the credential threw that ended the chain
   */
  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    // the one getToken of both classes, so that a test double of it is one of the default chain's,
    // too
    const hit = peekToken(this, scopes, options);
    if (hit !== undefined) return hit;
    return findInstance(this) === undefined ? chainToken(this, scopes, options) : requestToken(this, scopes, options);
  }

  /**
   * Ends the chain: later calls reject with an `AbortError` whose `code` is `closed`. Its
   * credentials stay open, because other chains and clients may use them. Never rejects.
   */
  override close(): Promise<void> {
    const own = membersOf(this);
    if (own !== undefined) own.isClosed = true;
    return super.close();
  }
}

async function chainToken(
  chain: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> {
  const own = membersOf(chain);
  if (own === undefined)
    throw new TypeError("This credential was made without its constructor, so it cannot sign in. Make it with `new`.");
  const className = "ChainedTokenCredential";
  try {
    if (own.isClosed) throw await closedError();
    return await inSpan(`${className}.getToken`, options ?? {}, (given) => walk(own, scopes, given));
  } catch (error) {
    logFailure(className, scopes, error);
    throw error;
  }
}

async function walk(own: Members, scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> {
  const errors: unknown[] = [];
  for (const source of inOrder(own)) {
    try {
      const token = await source.getToken(scopes, options);
      if (token === null || token === undefined) continue;
      own.elected = source;
      logSuccess("ChainedTokenCredential", scopes, source.constructor?.name);
      return token;
    } catch (error) {
      if (!isSkipped(error)) throw error;
      errors.push(error);
    }
  }
  own.elected = undefined;
  if (errors.length > 0)
    throw new AggregateAuthenticationError(errors, "ChainedTokenCredential authentication failed.");
  throw new CredentialUnavailableError(
    "Failed to retrieve a valid token: no credential in the chain returned one. Check which credentials are in it.",
  );
}

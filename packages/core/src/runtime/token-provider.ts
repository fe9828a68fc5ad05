import type { AccessToken, GetTokenOptions, TokenCredential } from "../contract/token.ts";
import { isIntact } from "../token/access-token.ts";
import { normalizeRequest } from "../token/request.ts";

/**
 * Returns the text of an access token, for clients that take a function instead of a credential:
 * `azureADTokenProvider` of OpenAI's client, the `password` of a database pool. Call it for every
 * request or connection; do not keep the text. `options` lie over those that the provider was made
 * with. Other members than those of `GetTokenOptions` are ignored, because some clients pass an
 * object of their own. Rejects as `getToken` does.
 */
export type TokenProvider = (options?: GetTokenOptions) => Promise<string>;

const textOf = ({ token }: AccessToken): string => token;

/** Scopes and options are checked and copied here, once. */
export function createTokenProvider(
  getToken: TokenCredential["getToken"],
  scopes: string | string[],
  options?: GetTokenOptions,
): TokenProvider {
  const scope = normalizeRequest(scopes, options).scopes.join(" ");
  const own = options && { ...options };
  // A hit returns the same promise each time, so its text is taken once, and a later hit allocates
  // nothing.
  let answer: Promise<AccessToken> | undefined;
  let text: Promise<string> | undefined;
  return function tokenProvider(asked) {
    const current = getToken(scope, asked === undefined ? own : { ...own, ...asked });
    if (current === answer && text !== undefined && isIntact(text)) return text;
    answer = current;
    text = current.then(textOf);
    return text;
  };
}

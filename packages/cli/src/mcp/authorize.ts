import { type BearerChallenge, readBearerChallenge } from "./challenge.ts";
import { type HttpAnswer, headerOf, type Send } from "./send.ts";

/** Returns the text of an access token; with claims, a new one. */
export type GetToken = (options: { readonly claims?: string }, signal: AbortSignal) => Promise<string>;

/** The challenge of a response that refuses a token. */
export function challengeOf(answer: HttpAnswer): BearerChallenge | undefined {
  return readBearerChallenge(headerOf(answer, "www-authenticate"));
}

/** Claims that ask for nothing. A request with claims does not take a token from memory. */
const anyClaims = "{}";

/**
 * Adds the token to each request. A request that is answered with 401 is sent again with a token
 * that has come meanwhile, and once with a new one: one that fulfils a claims challenge, or, where
 * the server says `invalid_token` (RFC 6750 section 3.1), another one of the same kind. What else
 * the challenge says, such as a scope or an authority, has no effect.
 */
export function authorized(send: Send, getToken: GetToken): Send {
  /**
   * The last token that the server called invalid although it was new; it is not replaced again.
   */
  let refused: string | undefined;
  return async (request, signal) => {
    const attempt = (token: string) =>
      send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
    const first = await getToken({}, signal);
    let answer = await attempt(first);
    if (answer.status !== 401) return answer;
    const newer = await getToken({}, signal);
    if (newer !== first) {
      answer.body.destroy();
      answer = await attempt(newer);
    }
    if (answer.status !== 401) return answer;
    const challenge = challengeOf(answer);
    if (challenge?.claims !== undefined) {
      answer.body.destroy();
      return attempt(await getToken({ claims: challenge.claims }, signal));
    }
    if (challenge?.error !== "invalid_token" || newer === refused) return answer;
    // a source that cannot get another one leaves the answer of the server
    const fresh = await getToken({ claims: anyClaims }, signal).catch(() => undefined);
    if (fresh === undefined) return answer;
    answer.body.destroy();
    answer = await attempt(fresh);
    if (answer.status === 401) refused = fresh;
    return answer;
  };
}

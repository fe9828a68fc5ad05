import { type BearerChallenge, readBearerChallenge } from "./challenge.ts";
import { type HttpAnswer, headerOf, type Send } from "./send.ts";

/** Returns the text of an access token; with claims, a new one. */
export type GetToken = (options: { readonly claims?: string }, signal: AbortSignal) => Promise<string>;

/** The challenge of a response that refuses a token. */
export function challengeOf(answer: HttpAnswer): BearerChallenge | undefined {
  return readBearerChallenge(headerOf(answer, "www-authenticate"));
}

/**
 * Adds the token to each request. A request that is answered with 401 is sent again with a token that
 * has come meanwhile, and once with one that fulfils a claims challenge. What else the challenge says,
 * such as a scope or an authority, has no effect.
 */
export function authorized(send: Send, getToken: GetToken): Send {
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
    const claims = answer.status === 401 ? challengeOf(answer)?.claims : undefined;
    if (claims === undefined) return answer;
    answer.body.destroy();
    return attempt(await getToken({ claims }, signal));
  };
}

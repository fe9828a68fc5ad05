/** The calls of a credential: from memory where core has a token there, else through its link. */
import type { AccessToken as CoreToken } from "@azidentity/core";
import { logFailure, logPrincipal, logSuccess } from "../logging/credential-log.ts";
import { isInfoWanted } from "../logging/logger.ts";
import { readCallOptions } from "../settings/call-options.ts";
import { inSpans, noteHit } from "../tracing/spans.ts";
import type { AuthenticationRecord } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { findInstance, type Instance, instanceOf, type Opened, opened } from "./instance.ts";

/** Runs a call of a credential in a span, logs how it ended, and translates its error. */
async function call<T>(
  credential: object,
  method: "getToken" | "authenticate",
  [scopes, options]: [scopes: string | string[], options: GetTokenOptions | undefined],
  run: (credential: Opened["credential"], options: GetTokenOptions) => Promise<T>,
): Promise<T> {
  const own = instanceOf(credential);
  const { className, spanNames, base, translate } = own.request;
  const given = readCallOptions(options);
  try {
    const names = spanNames.map((name) => `${name}.${method}`);
    const result = await inSpans(names, given, async (inner) => run((await opened(own)).credential, inner));
    logSuccess(className, scopes);
    return result;
  } catch (error) {
    const translated = translate(error, { className, of: base, scopes, options: given });
    logFailure(className, scopes, translated);
    throw translated;
  }
}

/** The token of core as an object of the caller's own. */
function copyOf({ token, expiresOnTimestamp, refreshAfterTimestamp, tokenType }: AccessToken | CoreToken): AccessToken {
  return { token, expiresOnTimestamp, refreshAfterTimestamp, tokenType };
}

/** A line about whose token it is, once for each token. */
async function logAccount(own: Instance, token: CoreToken): Promise<void> {
  if (own.logged === token.token || !isInfoWanted()) return;
  own.logged = token.token;
  const { principalOf } = await import("@azidentity/core");
  logPrincipal(principalOf(token));
}

/**
 * A token that core has in memory; `undefined`: it has none, or a line about the call is to be
 * logged.
 */
function hitOf(
  own: Instance,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> | undefined {
  const hit = own.opened?.credential.peek(scopes, options);
  if (hit === undefined || isInfoWanted()) return undefined;
  noteHit(own.request.spanNames, options);
  if (hit === own.answer && own.answered !== undefined) return Promise.resolve(copyOf(own.answered));
  own.answer = hit;
  own.answered = undefined;
  return hit.then((token) => {
    if (own.answer === hit) own.answered = copyOf(token);
    return copyOf(token);
  });
}

/** The token that a credential has in memory; `undefined`: it has to be requested. */
export function peekToken(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> | undefined {
  const own = findInstance(credential);
  return own && hitOf(own, scopes, options);
}

/** A token from the link of a credential, which may wait for a request. */
export function requestToken(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> {
  return call(credential, "getToken", [scopes, options], async (source, given) => {
    const token = await source.getToken(scopes, given);
    const own = instanceOf(credential);
    if (own.request.config.log?.allowLoggingAccountIdentifiers === true) await logAccount(own, token);
    return copyOf(token);
  });
}

/** A token of a credential, from memory where it has one there. */
export const tokenOf = (
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> => peekToken(credential, scopes, options) ?? requestToken(credential, scopes, options);

/** Signs a user in now, and returns the account. */
export function authenticateBy(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AuthenticationRecord | undefined> {
  return call(credential, "authenticate", [scopes, options], async (source, given) => {
    const record = await source.authenticate?.(scopes, given);
    return record && { ...record, version: "1.0" };
  });
}

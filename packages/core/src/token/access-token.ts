import type { AccessToken, IssuedToken, Principal } from "../contract/token.ts";

const hidden = "[redacted]";

/** Shared by all tokens, so that redaction costs a token no memory. */
const redacting = Object.freeze({
  toJSON(this: AccessToken) {
    return { ...this, token: hidden };
  },
  [Symbol.for("nodejs.util.inspect.custom")](this: AccessToken) {
    return { ...this, token: hidden };
  },
});

/** Holds the token's text; not enumerable, so that `console.dir` shows a getter in its place. */
const textKey = Symbol("text");
function textOf(this: { readonly [textKey]: string }): string {
  return this[textKey];
}
/** Enumerable, so that a copy of a token by spread is one. */
const textProperty = Object.freeze({ get: textOf, enumerable: true });

/**
 * The principal as the source reported it; not enumerable, so copies and prints of a token
 * go without. `Symbol.for`, so that the other copies of core in a process find it.
 */
const principalKey = Symbol.for("@azidentity/principal");

/** As `accountChangesBefore` returns it; only where that is not 0. */
const changesKey = Symbol("account changes");

/**
 * The token as callers get it: frozen, because all callers share it; readable, but redacted
 * wherever it would be printed. What has to read the text to do its work (spread,
 * `structuredClone`, `console.table`, the differences that `assert` prints) shows it: SECURITY.md
 * lists them.
 *
 * @param accountChanges see `accountChangesBefore`
 */
export function accessToken(issued: IssuedToken, accountChanges = 0): AccessToken {
  const token: AccessToken = Object.defineProperty(Object.create(redacting), "token", textProperty);
  Object.defineProperty(token, textKey, { value: issued.token });
  Object.assign(token, {
    expiresOnTimestamp: issued.expiresOnTimestamp,
    refreshAfterTimestamp: issued.refreshAfterTimestamp,
    tokenType: issued.tokenType,
  });
  if (issued.principal !== undefined)
    Object.defineProperty(token, principalKey, { value: Object.freeze({ ...issued.principal }) });
  if (accountChanges > 0) Object.defineProperty(token, changesKey, { value: accountChanges });
  return Object.freeze(token);
}

/**
 * Whether a token may be kept for later callers: one without a valid time is for its caller alone.
 */
export function isKeepable({ expiresOnTimestamp }: IssuedToken, now: number): boolean {
  return Number.isFinite(expiresOnTimestamp) && expiresOnTimestamp > now;
}

/**
 * How often the account of its source had changed when the token was acquired. It stands in the
 * token, because the table of a `WeakMap` keeps the size that it had between two collections.
 */
export function accountChangesBefore(token: AccessToken): number {
  return (token as { [changesKey]?: number })[changesKey] ?? 0;
}

/** What the source reported about the principal of the token. */
export function reportedPrincipal(token: AccessToken): Principal | undefined {
  return (token as { [principalKey]?: Principal })[principalKey];
}

/**
 * Whether a promise that several callers get still behaves as it was made. One of them may have
 * replaced its methods; the others then get another promise. It cannot be frozen instead: while
 * `async_hooks` are in use, Node.js adds properties to promises and ends the process where that
 * fails.
 */
export function isIntact(shared: Promise<unknown>): boolean {
  const { prototype } = Promise;
  return (
    shared.then === prototype.then &&
    shared.constructor === Promise &&
    shared.catch === prototype.catch &&
    shared.finally === prototype.finally
  );
}

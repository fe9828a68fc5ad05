import type { IssuedToken } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { isKeepable } from "../token/access-token.ts";

/** What a header can carry. */
const visible = /^[\x21-\x7e]+$/;

/**
 * Whether a time is in seconds since 1970, as `exp` in a token is: the likeliest mistake of a
 * source. As milliseconds it would be in January 1970.
 */
const isInSeconds = (time: number, now: number) => time * 100 < now;

function expiredRemedy(expiresOn: number, now: number): string {
  if (isInSeconds(expiresOn, now)) return "Its `expiresOnTimestamp` has to be milliseconds since 1970, not seconds.";
  return `Check this machine's clock: it shows ${new Date(now).toISOString().slice(0, 16)} UTC.`;
}

/** Whether a token can be refreshed then; a time in seconds would mean at each call. */
const isRefreshTime = (due: number, { expiresOnTimestamp }: IssuedToken, now: number) =>
  Number.isFinite(due) && due <= expiresOnTimestamp && !isInSeconds(due, now);

/** The remedy for what only the author of a source can change. */
export const faultySource = "This is a defect of the source: report it to its author.";

type Refuse = (problem: string, remedy?: string) => Error;

function refuseWith(source: string): Refuse {
  return (problem, remedy = faultySource) =>
    outcomeError("failed", `${source} returned ${problem}.`, { code: "invalid-token", remedy });
}

/** The token without a time of refresh that cannot be meant. */
function withRefreshTime(issued: IssuedToken, now: number): IssuedToken {
  const { refreshAfterTimestamp: due } = issued;
  if (due === undefined || isRefreshTime(due, issued, now)) return issued;
  return { ...issued, refreshAfterTimestamp: undefined };
}

/** Checks a token of a source, made at `now`, for a request of a type. */
export type CheckToken = (
  source: string,
  issued: IssuedToken,
  now: number,
  type?: IssuedToken["tokenType"],
) => IssuedToken;

/**
 * Throws unless the token is usable. `type`: the requested type; another one would be a downgrade.
 */
export const checkToken: CheckToken = (source, issued, now, type = "Bearer") => {
  const refuse = refuseWith(source);
  if (typeof issued?.token !== "string" || issued.token === "") throw refuse("no token");
  if (!visible.test(issued.token)) throw refuse("a token that no header can carry");
  if (issued.tokenType !== type) throw refuse(`a token without \`tokenType: "${type}"\``);
  if (!Number.isFinite(issued.expiresOnTimestamp)) throw refuse("a token without `expiresOnTimestamp`");
  if (issued.expiresOnTimestamp <= now)
    throw refuse("a token that has expired already", expiredRemedy(issued.expiresOnTimestamp, now));
  return withRefreshTime(issued, now);
};

/**
 * Lets a token of another library's credential pass as it is, also one of a test double that has
 * expired or says no time: its caller would have got it without a chain, too. Refuses what is no
 * text, and a downgrade.
 */
export const checkForeignToken: CheckToken = (source, issued, now, type = "Bearer") => {
  const refuse = refuseWith(source);
  if (typeof issued.token !== "string") throw refuse("no token");
  if (issued.tokenType !== type) throw refuse(`a token without \`tokenType: "${type}"\``);
  return isKeepable(issued, now) ? withRefreshTime(issued, now) : issued;
};

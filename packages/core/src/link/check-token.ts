import type { IssuedToken } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/** What a header can carry. */
const visible = /^[\x21-\x7e]+$/;

/** Seconds since 1970, as `exp` in a token has them, are the likeliest mistake of a source. */
function expiredRemedy(expiresOn: number, now: number): string {
  if (expiresOn * 100 < now) return "Its `expiresOnTimestamp` has to be milliseconds since 1970, not seconds.";
  return `Check this machine's clock: it shows ${new Date(now).toISOString().slice(0, 16)} UTC.`;
}

const faultySource = "This is a defect of the source: report it to its author.";

/**
 * Throws unless the token is usable. `type`: the requested type; another one would be a downgrade.
 */
export function checkToken(
  source: string,
  issued: IssuedToken,
  now: number,
  type: IssuedToken["tokenType"] = "Bearer",
): IssuedToken {
  const refuse = (problem: string, remedy = faultySource) =>
    outcomeError("failed", `${source} brought ${problem}.`, { code: "invalid-token", remedy });
  if (typeof issued?.token !== "string" || issued.token === "") throw refuse("no token");
  if (!visible.test(issued.token)) throw refuse("a token that no header can carry");
  if (issued.tokenType !== type) throw refuse(`a token without \`tokenType: "${type}"\``);
  if (!Number.isFinite(issued.expiresOnTimestamp)) throw refuse("a token without `expiresOnTimestamp`");
  if (issued.expiresOnTimestamp <= now)
    throw refuse("a token that has expired already", expiredRemedy(issued.expiresOnTimestamp, now));
  const { refreshAfterTimestamp: due } = issued;
  if (due === undefined || (Number.isFinite(due) && due <= issued.expiresOnTimestamp)) return issued;
  return { ...issued, refreshAfterTimestamp: undefined };
}

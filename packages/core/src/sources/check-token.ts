import { outcomeError } from "../contract/errors.ts";
import type { IssuedToken } from "../contract/token.ts";

/** Refuses what is no usable token, whatever the source says. */
export function checkToken(source: string, issued: IssuedToken, now: number): IssuedToken {
  const refuse = (problem: string) =>
    outcomeError("failed", `${source} brought ${problem}.`, { code: "invalid-token" });
  if (typeof issued?.token !== "string" || issued.token === "") throw refuse("no token");
  if (!Number.isFinite(issued.expiresOnTimestamp)) throw refuse("a token without a time of expiry");
  if (issued.expiresOnTimestamp <= now) throw refuse("a token that has expired already");
  return issued;
}

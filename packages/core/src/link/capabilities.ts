import type { AnySource } from "../contract/services.ts";
import type { NormalizedRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/**
 * Refuses what a source cannot do with its options, so that a caller never gets something else
 * instead.
 */
export function checkCapabilities(
  { name, supports = [] }: AnySource,
  options: unknown,
  request: NormalizedRequest,
): void {
  const able = typeof supports === "function" ? supports(options) : supports;
  if (request.userAssertion !== undefined && !able.includes("user-assertion")) {
    throw outcomeError("misconfigured", `${name} cannot act on behalf of a user.`, {
      code: "user-assertion-unsupported",
      remedy: "Use the source on-behalf-of.",
    });
  }
  if (request.proofOfPossession !== undefined && !able.includes("proof-of-possession")) {
    throw outcomeError("misconfigured", `${name} cannot bind a token to a request.`, {
      code: "proof-of-possession-unsupported",
      remedy: "Ask for a bearer token, or use a broker.",
    });
  }
}

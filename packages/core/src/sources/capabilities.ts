import { outcomeError } from "../contract/outcome-error.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { NormalizedRequest } from "../contract/token.ts";

/** Refuses what a source cannot do, so that nobody is handed something else instead. */
export function checkCapabilities({ name, supports = [] }: AnySource, request: NormalizedRequest): void {
  if (request.userAssertion !== undefined && !supports.includes("user-assertion")) {
    throw outcomeError("misconfigured", `${name} cannot act on behalf of a user.`, {
      code: "user-assertion-unsupported",
      remedy: "Use the source on-behalf-of.",
    });
  }
  if (request.proofOfPossession !== undefined && !supports.includes("proof-of-possession")) {
    throw outcomeError("misconfigured", `${name} cannot bind a token to a request.`, {
      code: "proof-of-possession-unsupported",
      remedy: "Ask for a bearer token, or use a broker.",
    });
  }
}

import { outcomeError } from "../contract/outcome-error.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { Keeper } from "./keeper.ts";
import type { ResolvedRequest } from "./resolved-options.ts";

/** Signs a person in with a source, if it asks people. */
export function createSignIn(source: string, keeper: Keeper) {
  return async (request: ResolvedRequest): Promise<AuthenticationRecord> => {
    const credential = await keeper.credential(request.options, request.signal);
    if (credential.authenticate !== undefined) return credential.authenticate(request);
    throw outcomeError("misconfigured", `${source} signs nobody in.`, {
      code: "authenticate-unsupported",
      remedy: "Name a source that asks a person, such as interactive-browser or device-code.",
    });
  };
}

import type { AuthenticationRecord } from "../contract/source.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { type ResolvedRequest, tokenRequest } from "../token/resolved-request.ts";
import { beginWork, wrapKnown } from "./known-secrets.ts";
import type { PlacedSource } from "./placed-source.ts";
import { credentialFor } from "./source-instance.ts";
import { changeAccount } from "./token-state.ts";

const unsupported = (source: string) =>
  outcomeError("misconfigured", `${source} cannot sign users in.`, {
    code: "authenticate-unsupported",
    remedy: "Name a source in which users sign in, such as interactive-browser or device-code.",
  });

/** Signs a user in with a source that can do that. */
export async function signIn(placed: PlacedSource, request: ResolvedRequest): Promise<AuthenticationRecord> {
  const { source, known, tokens } = placed;
  const { options, signal } = request;
  const end = beginWork(known, request);
  try {
    const credential = await credentialFor(placed, options, signal);
    if (credential.authenticate === undefined) throw unsupported(source.name);
    const record = await credential.authenticate(tokenRequest(request));
    changeAccount(tokens); // also when the caller has left meanwhile
    return record;
  } catch (error) {
    throw signal.aborted ? signal.reason : wrapKnown(known, error, request);
  } finally {
    end();
  }
}

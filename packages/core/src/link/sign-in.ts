import type { Step } from "../async/compose.ts";
import type { AnySource } from "../contract/services.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { type ResolvedRequest, tokenRequest } from "../token/resolved-request.ts";
import type { Instruments } from "./instruments.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { SourceInstance } from "./source-instance.ts";

const unsupported = (source: string) =>
  outcomeError("misconfigured", `${source} has no users sign in.`, {
    code: "authenticate-unsupported",
    remedy: "Name a source in which users sign in, such as interactive-browser or device-code.",
  });

export interface SignInSettings {
  readonly source: AnySource;
  readonly instance: SourceInstance;
  readonly known: KnownSecrets;
  readonly instruments: Instruments | undefined;
  /** Called when a user has signed in, also when the caller has left meanwhile. */
  readonly onSignIn: () => void;
}

/** Signs a user in with a source that can do that. */
export function createSignIn({
  source,
  instance,
  known,
  instruments,
  onSignIn,
}: SignInSettings): Step<ResolvedRequest, AuthenticationRecord> {
  async function signIn(request: ResolvedRequest): Promise<AuthenticationRecord> {
    const { options, signal } = request;
    const end = known.begin(request);
    try {
      const credential = await instance.credential(options, signal);
      if (credential.authenticate === undefined) throw unsupported(source.name);
      const record = await credential.authenticate(tokenRequest(request));
      onSignIn();
      return record;
    } catch (error) {
      throw signal.aborted ? signal.reason : known.wrap(error, request);
    } finally {
      end();
    }
  }
  if (instruments === undefined) return signIn;
  return (request) => instruments.acquire(source.name, "authenticate", request, signIn);
}

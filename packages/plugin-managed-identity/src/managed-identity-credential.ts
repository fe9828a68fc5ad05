import { type Credential, type Detection, outcomeError, type SourceContext, withinTime } from "@azidentity/core/plugin";
import { imdsEndpoint, isUnreachable } from "./hosts/imds.ts";
import type { Machine } from "./machine.ts";
import { type ManagedIdentityOptions, placeManagedIdentity, warningOf, whoOf } from "./placement.ts";
import { requestToken } from "./request-token.ts";
import { resourceOf } from "./resource.ts";

/** Milliseconds in which somebody has to open. */
const knockMs = 1_000;

/** Knocks at the metadata service as nobody who wants something: without the header that every real request has. */
async function knock({ env, http, clock }: SourceContext, outer: AbortSignal): Promise<Detection> {
  const absent = (reason: string): Detection => ({ state: "absent", code: "unreachable", reason: `imds: ${reason}` });
  const late = () => outcomeError("unreachable", "Nobody opened.");
  try {
    const response = await withinTime({ clock, ms: knockMs, late }, outer, (signal) =>
      http.send({ method: "GET", url: imdsEndpoint(env).href, proxy: "never" }, signal),
    );
    if (isUnreachable(response.status, response.body)) return absent("What answers has no way to a metadata service.");
    return { state: "possible", reason: "imds: Somebody is there." };
  } catch (error) {
    if (outer.aborted) throw error;
    return absent(`No metadata service answered within ${knockMs / 1_000} s.`);
  }
}

/** Tokens of the managed identity that the options name, from the host that the program runs on. */
export function createManagedIdentityCredential(
  options: ManagedIdentityOptions,
  context: SourceContext,
  machine: Machine,
): Credential {
  const { env, log } = context;
  let hasWarned = false;
  const place = () => placeManagedIdentity(options, env, machine);
  return {
    async getToken(request) {
      const placement = place();
      const who = whoOf(placement.host);
      const resource = resourceOf(who, request.scopes);
      const asked = { resource, identity: placement.identity, env, machine, request };
      const issued = await requestToken(who, placement.host, asked, request, context);
      const warning = warningOf(placement, env);
      if (warning !== undefined && !hasWarned) log.warn(`${who}: ${warning}`);
      hasWarned = true;
      if (issued.token === request.refusedToken) {
        log.warn(`${who}: the host answered with the token that was refused; it keeps tokens for hours.`);
      }
      return issued;
    },
    async probe(signal) {
      const { isGuess, state, reason } = place();
      return isGuess ? knock(context, signal) : { state, reason };
    },
  };
}

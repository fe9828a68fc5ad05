import type { Credential, SourceContext } from "@azidentity/core/plugin";
import type { Evidence } from "./host.ts";
import { imds, isAtFixedAddress } from "./hosts/imds.ts";
import type { Machine } from "./machine.ts";
import type { Sighting } from "./own-answer.ts";
import { type ManagedIdentityOptions, type Placement, placeManagedIdentity, warningOf, whoOf } from "./placement.ts";
import { probeImds } from "./probe-imds.ts";
import { requestToken } from "./request-token.ts";
import { resourceOf } from "./resource.ts";

/** Tokens of the managed identity that the options name, from the host that the program runs on. */
export function createManagedIdentityCredential(
  options: ManagedIdentityOptions,
  context: SourceContext,
  machine: Machine,
  sighting: Sighting,
): Credential {
  const { env, log } = context;
  let hasWarned = false;
  const place = () => placeManagedIdentity(options, env, machine, sighting);
  const evidenceOf = ({ host, state }: Placement): Evidence => ({
    exists: () => state === "ready" || state === "likely" || sighting.hasAnswered,
    see(answer) {
      if (host === imds && isAtFixedAddress(env)) sighting.note(answer);
    },
  });
  return {
    async getToken(request) {
      const placement = place();
      const who = whoOf(placement.host);
      const resource = resourceOf(who, request.scopes);
      const evidence = evidenceOf(placement);
      const asked = { resource, identity: placement.identity, env, machine, request, evidence };
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
      const { state, reason } = place();
      // also of a machine that looks like Azure's: its metadata service may have been silent, or blocked
      return state === "possible" || state === "likely" ? probeImds(context, sighting, signal) : { state, reason };
    },
  };
}

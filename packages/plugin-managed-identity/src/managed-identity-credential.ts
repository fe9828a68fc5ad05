import type { Credential, SourceContext } from "@azidentity/core/plugin";
import type { Evidence } from "./host.ts";
import { imds, isAtFixedAddress } from "./hosts/imds.ts";
import type { ImdsHistory } from "./imds-response.ts";
import type { Machine } from "./machine.ts";
import { probeImds } from "./probe-imds.ts";
import { requestToken, resourceOf } from "./request-token.ts";
import { labelOf, type ManagedIdentityOptions, type ResolvedHost, resolveHost, warningOf } from "./resolve-host.ts";

/** Acquires tokens of the managed identity that the options name, from the host of the program. */
export function createManagedIdentityCredential(
  options: ManagedIdentityOptions,
  context: SourceContext,
  machine: Machine,
  history: ImdsHistory,
): Credential {
  const { env, log } = context;
  let hasWarned = false;
  const resolve = () => resolveHost(options, env, machine, history);
  const evidenceOf = ({ host, state }: ResolvedHost): Evidence => ({
    isConfigured: state === "ready",
    exists: () => state === "ready" || state === "likely" || history.hasAnswered,
    record(response) {
      if (host === imds && isAtFixedAddress(env)) history.record(response);
    },
  });
  return {
    async getToken(request) {
      const resolved = resolve();
      const { host, identity } = resolved;
      const label = labelOf(host);
      const resource = resourceOf(label, request.scopes);
      const call = { resource, identity, env, machine, request, evidence: evidenceOf(resolved) };
      const issued = await requestToken({ label, host, call, request, context });
      const warning = warningOf(resolved, env);
      if (warning !== undefined && !hasWarned) log.warn(`${label}: ${warning}`);
      hasWarned = true;
      if (issued.token === request.refusedToken) {
        log.warn(`${label}: the host returned the refused token again; it caches tokens for hours.`);
      }
      return issued;
    },
    async probe(signal) {
      const { state, reason } = resolve();
      // "likely" is probed as well: the metadata service of an Azure machine may be down or blocked
      return state === "possible" || state === "likely" ? probeImds(context, history, signal) : { state, reason };
    },
  };
}

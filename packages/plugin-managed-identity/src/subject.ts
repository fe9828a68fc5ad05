import type { SourceContext } from "@azidentity/core/plugin";
import { readIdentity } from "./identity.ts";
import type { ManagedIdentityOptions } from "./placement.ts";
import { isPod } from "./pod.ts";
import { podSubject } from "./workload/variables.ts";

/**
 * Names the principal. An id of a user-assigned identity names it alone, whatever the host. What a system-assigned identity is, only the
 * host knows: names of machines, sites and slots repeat in other subscriptions. So it has no subject, and its tokens stay in memory.
 */
export function subjectOf(options: ManagedIdentityOptions, context: SourceContext): string | undefined {
  if (isPod(options, context)) return podSubject({ clientId: options.clientId ?? undefined }, context);
  const identity = readIdentity(options, context.env);
  return identity.kind === "system" ? undefined : JSON.stringify([identity.kind, identity.id.toLowerCase()]);
}

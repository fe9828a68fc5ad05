import { defineOptions, defineSource, type SourceContext } from "@azidentity/core/plugin";
import { hostNames } from "../hosts.ts";
import { createImdsHistory } from "../imds-response.ts";
import type { Machine } from "../machine.ts";
import { createManagedIdentityCredential } from "../managed-identity-credential.ts";
import { idKinds, readManagedIdentityId } from "../managed-identity-id.ts";
import { detectPod, isPod, podOptions } from "../pod.ts";
import { detectManagedIdentity, type ManagedIdentityOptions } from "../resolve-host.ts";
import { podSubject } from "../workload/variables.ts";

/** An id that is empty was not injected: it must not select the system-assigned identity. */
const id = { pattern: /\S/, expected: "an id that is not empty" };

const fields = {
  clientId: {
    type: "string",
    form: id,
    nullable: true,
    description:
      "Client id of a user-assigned identity; null selects the system-assigned one. Default: AZURE_CLIENT_ID.",
  },
  objectId: { type: "string", form: id, description: "Object (principal) id of a user-assigned identity." },
  resourceId: { type: "string", form: id, description: "Resource id of a user-assigned identity: /subscriptions/..." },
  source: { type: "string", enum: hostNames, description: "The host that issues the tokens. Default: detected." },
} as const;
const options = defineOptions(fields, { exclusive: [idKinds] });

/** A host that is being updated may be unavailable for 70 seconds. */
const deadlineMs = 100_000;

/**
 * Names the principal. The id of a user-assigned identity names it on every host. Only the host
 * knows which principal a system-assigned identity is (names of machines, sites and slots repeat in
 * other subscriptions), so it has no subject and its tokens stay in memory.
 */
function subjectOf(given: ManagedIdentityOptions, context: SourceContext): string | undefined {
  if (isPod(given, context)) return podSubject({ clientId: given.clientId ?? undefined }, context);
  const identity = readManagedIdentityId(given, context.env);
  return identity.kind === "system" ? undefined : JSON.stringify([identity.kind, identity.id.toLowerCase()]);
}

/**
 * The identity that the platform assigns to the programs on it. The source remembers for all
 * identities of the process that the metadata service has answered.
 */
export const createManagedIdentitySource = (machine: Machine, history = createImdsHistory()) =>
  defineSource({
    name: "managed-identity",
    kind: "deployed",
    priority: 300,
    tenantPolicy: "fixed",
    deadlineMs,
    options,
    detect: (given, context) =>
      isPod(given, context) ? detectPod(given, context) : detectManagedIdentity(given, context.env, machine, history),
    subject: subjectOf,
    async create(given, context) {
      if (isPod(given, context)) {
        const { createWorkloadCredential } = await import("../workload/credential.ts");
        return createWorkloadCredential(podOptions(given, context), context);
      }
      return createManagedIdentityCredential(given, context, machine, history);
    },
  });

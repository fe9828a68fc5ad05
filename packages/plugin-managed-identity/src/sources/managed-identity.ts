import { defineOptions, defineSource } from "@azidentity/core/plugin";
import { hostNames } from "../hosts.ts";
import type { Machine } from "../machine.ts";
import { createManagedIdentityCredential } from "../managed-identity-credential.ts";
import { createSighting } from "../own-answer.ts";
import { detectManagedIdentity } from "../placement.ts";
import { detectPod, isPod, podOptions } from "../pod.ts";
import { subjectOf } from "../subject.ts";

const options = defineOptions({
  clientId: {
    type: "string",
    nullable: true,
    description:
      "Client id of a user-assigned identity; null insists on the system-assigned one. Default: AZURE_CLIENT_ID.",
  },
  objectId: { type: "string", description: "Object (principal) id of a user-assigned identity." },
  resourceId: { type: "string", description: "Resource id of a user-assigned identity: /subscriptions/…" },
  source: { type: "string", enum: hostNames, description: "The host to ask. Default: the one that shows itself." },
});

/** Milliseconds: a host that is being updated may take 70 seconds, and is asked a little longer. */
const deadlineMs = 100_000;

/**
 * The identity that the platform gives to whatever runs on it. That the metadata service has answered once is remembered by the source, so
 * for all identities of the process.
 */
export const createManagedIdentitySource = (machine: Machine, sighting = createSighting()) =>
  defineSource({
    name: "managed-identity",
    kind: "deployed",
    priority: 300,
    tenantPolicy: "fixed",
    deadlineMs,
    options,
    detect: (given, context) =>
      isPod(given, context) ? detectPod(given, context) : detectManagedIdentity(given, context.env, machine, sighting),
    subject: subjectOf,
    async create(given, context) {
      if (isPod(given, context)) {
        const { createWorkloadCredential } = await import("../workload/credential.ts");
        return createWorkloadCredential(podOptions(given, context), context);
      }
      return createManagedIdentityCredential(given, context, machine, sighting);
    },
  });

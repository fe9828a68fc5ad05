import { type Detection, isIdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Host } from "./host.ts";
import { elsewhere } from "./hosts/imds.ts";
import { findHost, type HostName } from "./hosts.ts";
import type { ImdsHistory } from "./imds-response.ts";
import { type Env, type Machine, readChassis } from "./machine.ts";
import {
  describeIdentity,
  type ManagedIdentityId,
  type ManagedIdentityIdOptions,
  readManagedIdentityId,
} from "./managed-identity-id.ts";

export interface ManagedIdentityOptions extends ManagedIdentityIdOptions {
  readonly source?: HostName | undefined;
}

/** The host that the program runs on, and the identity to request from it. */
export interface ResolvedHost {
  readonly host: Host;
  readonly identity: ManagedIdentityId;
  readonly state: Detection["state"];
  readonly reason: string;
}

/** The name of the host in errors and walks. */
export const labelOf = (host: Pick<Host, "name">) => `managed-identity (${host.name})`;

function checkSupport(host: Host, identity: ManagedIdentityId): void {
  if (identity.kind === "system" || host.supportedIds.includes(identity.kind)) return;
  const remedy =
    identity.from === "AZURE_CLIENT_ID"
      ? "Select the host's own identity with `clientId: null`, or unset AZURE_CLIENT_ID."
      : `Remove the option${host.supportedIds.length === 0 ? "" : `, or set ${host.supportedIds.join(" or ")} instead`}.`;
  throw outcomeError("misconfigured", `${labelOf(host)} cannot choose ${describeIdentity(identity)}.`, {
    code: "unsupported-identity",
    remedy,
  });
}

/** Variables of CI jobs, which may run on machines that have a principal of their own. */
const jobVariables = ["GITHUB_ACTIONS", "TF_BUILD"];

/** The warning for a CI job that would use the identity of the machine it runs on. */
export function warningOf({ host }: Pick<ResolvedHost, "host">, env: Env): string | undefined {
  const job = jobVariables.find((name) => env[name] !== undefined);
  if (job === undefined || (host.name !== "imds" && host.name !== "azure-arc")) return undefined;
  return `This is a job (${job}), and the principal is that of the machine that runs it.`;
}

interface StateAndEvidence {
  readonly state: Detection["state"];
  readonly evidence: string;
}

/** The evidence of the metadata service, which no variable announces. */
function classifyImds(env: Env, machine: Machine, history: ImdsHistory): StateAndEvidence {
  if (history.hasAnswered) return { state: "likely", evidence: "The metadata service has answered this process." };
  const chassis = readChassis(machine, env);
  if (chassis === undefined) return { state: "possible", evidence: "No variable names a host." };
  return { state: chassis.isAzure ? "likely" : "absent", evidence: chassis.reason };
}

/** Reads options, variables and machine. Throws when they are invalid or incomplete. */
export function resolveHost(
  options: ManagedIdentityOptions,
  env: Env,
  machine: Machine,
  history: ImdsHistory,
): ResolvedHost {
  const identity = readManagedIdentityId(options, env);
  const found = findHost(options.source, env, machine);
  checkSupport(found.host, identity);
  const { state, evidence }: StateAndEvidence =
    found.evidence === undefined ? classifyImds(env, machine, history) : { state: "ready", evidence: found.evidence };
  const next =
    state === "absent"
      ? 'Use it anyway with `source: "imds"`.'
      : [`The token is for ${describeIdentity(identity)}.`, warningOf(found, env) ?? []].flat().join(" ");
  return { host: found.host, identity, state, reason: `${found.host.name}: ${evidence} ${next}` };
}

/**
 * Whether a managed identity is available. Invalid options or variables count as `ready`, so that
 * their error stops a chain before it signs in as another principal.
 */
export function detectManagedIdentity(
  options: ManagedIdentityOptions,
  env: Env,
  machine: Machine,
  history: ImdsHistory,
): Detection {
  try {
    const { state, reason } = resolveHost(options, env, machine, history);
    return state === "absent" ? { state, reason, remedy: elsewhere } : { state, reason };
  } catch (error) {
    if (isIdentityError(error)) return { state: "ready", reason: error.message };
    throw error;
  }
}

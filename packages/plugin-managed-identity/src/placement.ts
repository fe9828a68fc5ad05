import { type Detection, isIdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Host } from "./host.ts";
import { findHost, type HostName } from "./hosts.ts";
import { describeIdentity, type Identity, type IdentityOptions, readIdentity } from "./identity.ts";
import type { Env } from "./machine.ts";
import { type Machine, readChassis } from "./machine.ts";
import type { Sighting } from "./own-answer.ts";

export interface ManagedIdentityOptions extends IdentityOptions {
  readonly source?: HostName | undefined;
}

/** The identity that a program is to have, and where it runs. */
export interface Placement {
  readonly host: Host;
  readonly identity: Identity;
  readonly state: Detection["state"];
  readonly reason: string;
}

/** Names the host in errors and walks. */
export const whoOf = (host: Pick<Host, "name">) => `managed-identity (${host.name})`;

function checkSupport(host: Host, identity: Identity): void {
  if (identity.kind === "system" || host.supports.includes(identity.kind)) return;
  const remedy =
    identity.from === "AZURE_CLIENT_ID"
      ? "Insist on the host's own identity with `clientId: null`, or unset AZURE_CLIENT_ID."
      : `Take the option away${host.supports.length === 0 ? "" : `, or give ${host.supports.join(" or ")} instead`}.`;
  throw outcomeError("misconfigured", `${whoOf(host)} cannot choose ${describeIdentity(identity)}.`, {
    code: "unsupported-identity",
    remedy,
  });
}

/** Jobs of others run on machines that have a principal of their own. */
const jobVariables = ["GITHUB_ACTIONS", "TF_BUILD"];

/** What to be warned of: that a job speaks as the machine that it happens to run on. */
export function warningOf({ host }: Pick<Placement, "host">, env: Env): string | undefined {
  const job = jobVariables.find((name) => env[name] !== undefined);
  if (job === undefined || (host.name !== "imds" && host.name !== "azure-arc")) return undefined;
  return `This is a job (${job}), and the principal is that of the machine that runs it.`;
}

/** The evidence of the metadata service, which no variable announces. */
function judgeImds(env: Env, machine: Machine, sighting: Sighting): Judged {
  if (sighting.hasAnswered) return { state: "likely", evidence: "The metadata service has answered this process." };
  const chassis = readChassis(machine, env);
  if (chassis === undefined) return { state: "possible", evidence: "No variable names a host." };
  return { state: chassis.isAzure ? "likely" : "absent", evidence: chassis.reason };
}

interface Judged {
  readonly state: Detection["state"];
  readonly evidence: string;
}

/** Reads options, variables and machine. Throws what is wrong with them. */
export function placeManagedIdentity(
  options: ManagedIdentityOptions,
  env: Env,
  machine: Machine,
  sighting: Sighting,
): Placement {
  const identity = readIdentity(options, env);
  const found = findHost(options.source, env, machine);
  checkSupport(found.host, identity);
  const { state, evidence }: Judged =
    found.evidence === undefined ? judgeImds(env, machine, sighting) : { state: "ready", evidence: found.evidence };
  const what =
    state === "absent"
      ? 'Ask nevertheless with `source: "imds"`.'
      : [`It is asked for ${describeIdentity(identity)}.`, warningOf(found, env) ?? []].flat().join(" ");
  return { host: found.host, identity, state, reason: `${found.host.name}: ${evidence} ${what}` };
}

/** What is wrong is meant to work, and its error has to stop a chain from running as another principal. */
export function detectManagedIdentity(
  options: ManagedIdentityOptions,
  env: Env,
  machine: Machine,
  sighting: Sighting,
): Detection {
  try {
    const { state, reason } = placeManagedIdentity(options, env, machine, sighting);
    return { state, reason };
  } catch (error) {
    if (isIdentityError(error)) return { state: "ready", reason: error.message };
    throw error;
  }
}

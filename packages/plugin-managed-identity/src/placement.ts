import { type Detection, isIdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Env, Host } from "./host.ts";
import { findHost, type HostName } from "./hosts.ts";
import { describeIdentity, type Identity, type IdentityOptions, readIdentity } from "./identity.ts";
import { isOnAzure, type Machine } from "./machine.ts";

export interface ManagedIdentityOptions extends IdentityOptions {
  readonly source?: HostName | undefined;
}

/** Whom a program is to be, and where it runs. */
export interface Placement {
  readonly host: Host;
  readonly identity: Identity;
  readonly state: Detection["state"];
  readonly reason: string;
  /** Nothing says whether anybody is there: somebody has to knock first. */
  readonly isGuess: boolean;
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

/** What is known about the metadata service, which no variable announces. */
function judgeImds(machine: Machine): Pick<Placement, "state" | "isGuess"> & { readonly evidence: string } {
  const onAzure = isOnAzure(machine);
  if (onAzure === undefined) return { state: "possible", isGuess: true, evidence: "No variable names a host." };
  if (onAzure) return { state: "possible", isGuess: false, evidence: "The chassis asset tag says Azure." };
  const evidence = "No variable names a host, and the chassis asset tag says that this is no machine of Azure's.";
  return { state: "absent", isGuess: false, evidence };
}

/** Reads options, variables and machine. Throws what is wrong with them. */
export function placeManagedIdentity(options: ManagedIdentityOptions, env: Env, machine: Machine): Placement {
  const identity = readIdentity(options, env);
  const found = findHost(options.source, env, machine);
  checkSupport(found.host, identity);
  const judged =
    found.evidence === undefined
      ? judgeImds(machine)
      : ({ state: "ready", isGuess: false, evidence: found.evidence } as const);
  const { state, isGuess, evidence } = judged;
  const what =
    state === "absent"
      ? 'Ask nevertheless with `source: "imds"`.'
      : [`It is asked for ${describeIdentity(identity)}.`, warningOf(found, env) ?? []].flat().join(" ");
  return { host: found.host, identity, state, isGuess, reason: `${found.host.name}: ${evidence} ${what}` };
}

/** What is wrong is meant to work, and its error has to stop a chain from running as somebody else. */
export function detectManagedIdentity(options: ManagedIdentityOptions, env: Env, machine: Machine): Detection {
  try {
    const { state, reason } = placeManagedIdentity(options, env, machine);
    return { state, reason };
  } catch (error) {
    if (isIdentityError(error)) return { state: "ready", reason: error.message };
    throw error;
  }
}

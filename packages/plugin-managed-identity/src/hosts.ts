import { emptyOf, emptyVariables, outcomeError, requireWellFormed } from "@azidentity/core/plugin";
import { allSet, type Host } from "./host.ts";
import { appService } from "./hosts/app-service.ts";
import { azureArc } from "./hosts/azure-arc.ts";
import { azureMl } from "./hosts/azure-ml.ts";
import { cloudShell } from "./hosts/cloud-shell.ts";
import { imds } from "./hosts/imds.ts";
import { serviceFabric } from "./hosts/service-fabric.ts";
import type { Env, Machine } from "./machine.ts";

/** In the order of detection: a host with more variables precedes hosts with fewer of the same. */
export const hosts: readonly Host[] = [serviceFabric, appService, azureMl, cloudShell, azureArc, imds];

/** The values of the option `source`. */
export const hostNames = ["service-fabric", "app-service", "azure-ml", "cloud-shell", "azure-arc", "imds"] as const;
export type HostName = (typeof hostNames)[number];

/** The variables that hosts set. */
const hostVariables = [
  "IDENTITY_ENDPOINT",
  "IDENTITY_HEADER",
  "IDENTITY_SERVER_THUMBPRINT",
  "IMDS_ENDPOINT",
  "MSI_ENDPOINT",
  "MSI_SECRET",
];

export interface FoundHost {
  readonly host: Host;
  /** One sentence; `undefined` when there is no evidence and the host is a guess. */
  readonly evidence: string | undefined;
}

/** The variables that hold an address, without which the others of a host are of no use. */
const endpointVariables = ["IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT"];

/**
 * Throws when a variable of the host is empty or damaged: ignoring it could select another host.
 */
function checkFilled(host: Host, env: Env): Host {
  const label = `managed-identity (${host.name})`;
  const empty = emptyOf(env, host.requiredVariables);
  if (empty.length > 0) throw emptyVariables(label, empty);
  requireWellFormed(label, env, host.requiredVariables);
  return host;
}

function checkNeeds(host: Host, env: Env): Host {
  const missing = host.requiredVariables.filter((name) => env[name] === undefined);
  if (missing.length === 0) return checkFilled(host, env);
  throw outcomeError("misconfigured", `managed-identity (${host.name}): ${missing.join(" and ")} is not set.`, {
    code: "incomplete-environment",
    remedy: "The host sets it; remove `source` where the program runs elsewhere.",
  });
}

/**
 * The host that the program runs on: the one that `source` names, else the first with evidence,
 * else the metadata service as a guess.
 */
export function findHost(named: HostName | undefined, env: Env, machine: Machine): FoundHost {
  const chosen = hosts.find(({ name }) => name === named);
  if (chosen !== undefined) return { host: checkNeeds(chosen, env), evidence: "The option `source` names it." };
  for (const host of hosts) {
    const evidence = host.detect(env, machine);
    if (evidence !== undefined) return { host: checkFilled(host, env), evidence };
  }
  const present = hostVariables.filter((name) => env[name] !== undefined);
  if (present.length === 0) return { host: imds, evidence: undefined };
  if (!present.some((name) => endpointVariables.includes(name))) {
    // container groups of Container Instances: their identity is that of the metadata service
    return { host: imds, evidence: `${allSet(env, present)} No variable names an endpoint.` };
  }
  throw outcomeError(
    "misconfigured",
    `managed-identity: no known host sets only these variables: ${present.join(", ")}.`,
    {
      code: "unknown-host",
      remedy: `Say where this runs with \`source\` (${hostNames.join(", ")}), or unset the variables.`,
    },
  );
}

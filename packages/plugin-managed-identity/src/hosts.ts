import { emptyOf, emptyVariables, outcomeError } from "@azidentity/core/plugin";
import type { Host } from "./host.ts";
import { appService } from "./hosts/app-service.ts";
import { azureArc } from "./hosts/azure-arc.ts";
import { azureMl } from "./hosts/azure-ml.ts";
import { cloudShell } from "./hosts/cloud-shell.ts";
import { imds } from "./hosts/imds.ts";
import { serviceFabric } from "./hosts/service-fabric.ts";
import type { Env, Machine } from "./machine.ts";

/** In the order of evidence: whoever needs more variables comes before those who need fewer of the same. */
const hosts: readonly Host[] = [serviceFabric, appService, azureMl, cloudShell, azureArc, imds];

/** What `source` in the options may be. */
export const hostNames = ["service-fabric", "app-service", "azure-ml", "cloud-shell", "azure-arc", "imds"] as const;
export type HostName = (typeof hostNames)[number];

/** Variables by which hosts make themselves known. */
const fingerprint = [
  "IDENTITY_ENDPOINT",
  "IDENTITY_HEADER",
  "IDENTITY_SERVER_THUMBPRINT",
  "IMDS_ENDPOINT",
  "MSI_ENDPOINT",
  "MSI_SECRET",
];

export interface Found {
  readonly host: Host;
  /** What told; `undefined` when nothing did and the host is a guess. */
  readonly evidence: string | undefined;
}

/** Refuses a host whose variables are there, but for a value: without it another host might be taken for the one that was meant. */
function checkFilled(host: Host, env: Env): Host {
  const empty = emptyOf(env, host.needs);
  if (empty.length > 0) throw emptyVariables(`managed-identity (${host.name})`, empty);
  return host;
}

function checkNeeds(host: Host, env: Env): Host {
  const missing = host.needs.filter((name) => env[name] === undefined);
  if (missing.length === 0) return checkFilled(host, env);
  throw outcomeError("misconfigured", `managed-identity (${host.name}): ${missing.join(" and ")} is not set.`, {
    code: "incomplete-environment",
    remedy: "The host sets it; take `source` away where the program runs elsewhere.",
  });
}

/** The host that the program runs on: the one that was named, else the first that shows itself, else the metadata service, perhaps. */
export function findHost(named: HostName | undefined, env: Env, machine: Machine): Found {
  const chosen = hosts.find(({ name }) => name === named);
  if (chosen !== undefined) return { host: checkNeeds(chosen, env), evidence: "The option `source` names it." };
  for (const host of hosts) {
    const evidence = host.detect(env, machine);
    if (evidence !== undefined) return { host: checkFilled(host, env), evidence };
  }
  const seen = fingerprint.filter((name) => env[name] !== undefined);
  if (seen.length === 0) return { host: imds, evidence: undefined };
  throw outcomeError(
    "misconfigured",
    `managed-identity: no host is known by these variables alone: ${seen.join(", ")}.`,
    {
      code: "unknown-host",
      remedy: `Say where this runs with \`source\` (${hostNames.join(", ")}), or unset them.`,
    },
  );
}

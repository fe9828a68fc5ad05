import type { Authority } from "../entra/authority.ts";
import type { Tenant } from "../entra/directory.ts";
import { type PodOptions, type PodParts, startPod } from "../kubernetes/pod.ts";
import { hostNames, isHostName } from "../service-names.ts";
import { createHostService } from "./host-service.ts";
import { type Host, type HostKind, type HostOptions, type HostsOptions, hostKinds } from "./hosts.ts";
import { createIdentities } from "./managed-identities.ts";
import { createTokenIssuer } from "./managed-token.ts";

export interface HostParts extends Omit<PodParts, "tenantId"> {
  readonly authority: Authority;
  readonly caCertificate: string;
  /** The tenant of the identities. */
  readonly tenant: Tenant;
}

export interface RunningHost {
  readonly host: Host;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts the hosts of the options. If one fails, the others are closed again.
 *
 * @throws {TypeError} A name is unknown.
 */
export async function startHosts(options: HostsOptions, parts: HostParts): Promise<ReadonlyMap<string, RunningHost>> {
  const named = Object.entries(options).filter((entry) => entry[1] !== undefined);
  for (const [name] of named) {
    if (!isHostName(name)) throw new TypeError(`Unknown host "${name}". The hosts are ${hostNames.join(", ")}.`);
  }
  const starts = named.map(([name, own]) =>
    name === "workload-identity"
      ? startPodHost(name, own, parts)
      : startHost(name as keyof typeof hostKinds, own, parts),
  );
  const outcomes = await Promise.allSettled(starts);
  const running = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    await Promise.all(running.map((host) => host.close()));
    throw failed.reason;
  }
  return new Map(running.map((started) => [started.host.name, started]));
}

/** A pod requests tokens from Entra with the token of its service account. */
async function startPodHost(name: "workload-identity", options: PodOptions, parts: HostParts): Promise<RunningHost> {
  const { tenantId } = parts.tenant;
  const { facts, ...running } = await startPod(options, { ...parts, tenantId });
  const endpoint = `${parts.authorityHost}/${tenantId}/oauth2/v2.0/token`;
  return { ...running, host: { name, endpoint, systemAssigned: undefined, userAssigned: [], ...facts } as Host };
}

async function startHost(name: keyof typeof hostKinds, options: HostOptions, parts: HostParts): Promise<RunningHost> {
  const kind: HostKind = hostKinds[name];
  const { clock } = parts.authority;
  const identities = createIdentities(options, kind.resourceType);
  const issue = createTokenIssuer({
    ...parts,
    tokenLifetimeSeconds: readLifetime(options),
    cacheTokens: options.cacheTokens === true,
  });
  const protocol = await kind.create(
    { identities, issue, clock, tenantId: parts.tenant.tenantId, caCertificate: parts.caCertificate },
    options as never,
  );
  const service = { ...createHostService(name, protocol, clock), isSilent: options.silent === true };
  const listener = await parts.listen(service, protocol.certificate);
  const scheme = protocol.certificate === undefined ? "http" : "https";
  const endpoint = `${scheme}://${protocol.hostName ?? "127.0.0.1"}:${listener.port}${protocol.path}`;
  return {
    host: { name, endpoint, ...identities, ...protocol.facts },
    env: protocol.env(endpoint),
    async close() {
      await Promise.all([listener.close(), protocol.close?.()]);
    },
  };
}

function readLifetime({ tokenLifetimeSeconds = 86_399 }: HostOptions): number {
  if (Number.isInteger(tokenLifetimeSeconds) && tokenLifetimeSeconds > 0) return tokenLifetimeSeconds;
  throw new RangeError("`tokenLifetimeSeconds` has to be a positive integer.");
}

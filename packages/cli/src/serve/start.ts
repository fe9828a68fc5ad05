import { networkInterfaces } from "node:os";
import type { TokenCredential } from "@azidentity/core";
import { containerHosts } from "@azidentity/plugin-external/contract";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { createAddressKinds, hostOf } from "./addresses.ts";
import { type ClientKey, createKey, createKeyCheck } from "./client-keys.ts";
import {
  type ClientVariables,
  type EnvironmentFiles,
  type Origins,
  writeEnvironmentFiles,
} from "./environment-files.ts";
import { keysOfFile } from "./key-file.ts";
import { listen } from "./listen.ts";
import { followOwnConnections } from "./own-connections.ts";
import type { RelayPolicy } from "./policy.ts";
import { createRelay } from "./relay.ts";
import type { RelayEvent } from "./relay-event.ts";
import { createScopeList } from "./scope-list.ts";
import type { ServeSettings } from "./settings.ts";
import { createTenantRule } from "./tenant-rule.ts";
import { listenAtSocket } from "./unix-socket.ts";
import { type OwnPlaces, variablesOfItself } from "./variables.ts";
import type { Via } from "./via.ts";

/** A relay that answers. */
export interface StartedRelay {
  readonly port: number;
  readonly origins: Origins;
  readonly clients: readonly ClientVariables[];
  /** Ends every connection, and removes the files. */
  close(): Promise<void>;
}

/** Whose tokens a relay gives, and how it recognises that one's requests. */
export interface RelayOwner {
  readonly credential: TokenCredential;
  readonly via: Via;
}

export interface RelayEnds {
  onAnswer(event: RelayEvent): void;
  onDefect(error: unknown): void;
}

/** Names by which programs reach this machine: its own, and those of the host in a container. */
const knownHosts = ["localhost", "127.0.0.1", "[::1]", ...containerHosts];

/**
 * Starts the relay: its addresses, its socket, and the files of its clients. When one of them
 * fails, nothing is left behind.
 *
 * @throws {CommandError} `port-in-use`, `address-unavailable`, `asks-itself`, and those of the
 * socket and of files
 */
export async function startRelay(
  settings: ServeSettings,
  { credential, via }: RelayOwner,
  host: Host,
  ends: RelayEnds,
): Promise<StartedRelay> {
  const opened: (() => unknown)[] = [];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    const hosts = new Set([...knownHosts, ...settings.addresses.map(hostOf), ...settings.hosts]);
    const clients = await keysOf(settings);
    const own = followOwnConnections();
    opened.push(own.close);
    const policy = {
      ...policyOf(settings, credential, clients),
      hosts,
      isOwnConnection: own.has,
      isOwnRequest: via.isIn,
    };
    const relay = createRelay({ credential, policy, now: host.now, ...ends });
    const listener = await listen({ port: settings.port, others: settings.addresses }, relay);
    opened.push(listener.close);
    refuseItself(host, { port: listener.port, hosts, socketPath: settings.socketPath });
    if (settings.socketPath !== undefined) opened.push((await listenAtSocket(settings.socketPath, relay)).close);
    const origins = originsOf(settings, listener.port);
    const files: EnvironmentFiles = await writeEnvironmentFiles(clients, origins, listener.port, host);
    opened.push(files.remove);
    return { port: listener.port, origins, clients: files.clients, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function keysOf({ clients, keyFile }: ServeSettings): Promise<ClientKey[]> {
  return keyFile === undefined ? clients.map((name) => ({ name, key: createKey() })) : keysOfFile(keyFile, clients);
}

type FixedPolicy = Omit<RelayPolicy, "hosts" | "isOwnConnection" | "isOwnRequest">;

function policyOf(settings: ServeSettings, credential: TokenCredential, clients: readonly ClientKey[]): FixedPolicy {
  const kindOf = createAddressKinds();
  return {
    isAllowedAddress: (address) => kindOf(address) !== "public",
    clientOf: createKeyCheck(clients),
    scopes: createScopeList(settings.scopes),
    isAllowedTenant: createTenantRule(credential, settings.tenants),
  };
}

/**
 * Containers reach an address that was chosen for them by number, and loopback by Docker's name for
 * it.
 */
function originsOf({ addresses: [address] }: ServeSettings, port: number): Origins {
  const container = address === undefined ? "host.docker.internal" : hostOf(address);
  return { here: `http://127.0.0.1:${port}`, container: `http://${container}:${port}` };
}

function refuseItself({ environment }: Host, places: OwnPlaces): void {
  const names = variablesOfItself(environment, places);
  if (names.length === 0) return;
  throw new CommandError("asks-itself", `${names.join(", ")} in the environment of azid serve lead to itself.`, {
    remedy:
      "Run: unset IDENTITY_ENDPOINT IDENTITY_HEADER AZD_AUTH_ENDPOINT AZD_AUTH_KEY AZIDENTITY_RELAY_URL AZIDENTITY_RELAY_KEY",
    exit: "configuration",
  });
}

/** Networks that container engines make on this machine. */
const bridges = /^(?:docker|podman|cni-podman)\d+$/;

/** The address at which containers of an engine on Linux reach this machine. */
export function bridgeAddress(interfaces = networkInterfaces()): string | undefined {
  const found = Object.entries(interfaces).find(([name]) => bridges.test(name));
  return found?.[1]?.find(({ family }) => family === "IPv4")?.address;
}

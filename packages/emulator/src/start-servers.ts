import type { Closer } from "./closer.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import type { EmulatorState } from "./emulator-state.ts";
import type { HostParts, RunningHost } from "./hosts/start-hosts.ts";
import {
  type Certificates,
  createCertificates,
  readExtraCertificates,
  type ServerCertificate,
  writeCertificateFile,
} from "./http/certificates.ts";
import { createExchange, type Service } from "./http/exchange.ts";
import { listenOnLoopback } from "./http/listen.ts";
import { serverNames } from "./microsoft-hosts.ts";
import { type RunningServices, startServices } from "./start-services.ts";

/** The servers of one emulator. */
export interface RunningServers {
  readonly state: EmulatorState;
  readonly certificates: Certificates;
  /** Path of the certificate authority's PEM. */
  readonly caCertificateFile: string;
  /** The same, and what this process trusts by `NODE_EXTRA_CA_CERTS`. */
  readonly trustedFile: string;
  readonly services: RunningServices;
  readonly hosts: ReadonlyMap<string, RunningHost>;
  readonly closer: Closer;
}

/** Starts Entra, the vault, the API, the issuers, and the managed-identity hosts of the options. */
export async function startServers(
  state: EmulatorState,
  options: EmulatorOptions,
  closer: Closer,
): Promise<RunningServers> {
  const { own, authority, journal, faults } = state;
  const certificates = await createCertificates(serverNames);
  const { caCertificate } = certificates;
  const certificateFile = closer.add(await writeCertificateFile(caCertificate));
  const extra = await readExtraCertificates();
  const trustedFile = extra === "" ? certificateFile : closer.add(await writeCertificateFile(caCertificate + extra));
  const listen = (service: Service, certificate?: ServerCertificate) =>
    listenOnLoopback(certificate, createExchange({ service, journal, faults }));
  const services = await startServices({
    ...state,
    tenantId: own.tenant.tenantId,
    application: own.application,
    listen: async (service) => closer.add(await listen(service, certificates.serverCertificate)),
  });
  const hosts = await startManagedIdentityHosts(options, {
    authority,
    authorityHost: services.authorityHost,
    caCertificate,
    tenant: own.tenant,
    listen,
    entra: services.entra,
    clientId: own.application.clientId,
    kubernetes: services.issuers.kubernetes,
  });
  for (const host of hosts.values()) closer.add(host);
  const files = { caCertificateFile: certificateFile.path, trustedFile: trustedFile.path };
  return { state, certificates, ...files, services, hosts, closer };
}

/** Loads the code of the hosts on demand, so that an emulator without them starts faster. */
async function startManagedIdentityHosts({ hosts }: EmulatorOptions, parts: HostParts) {
  if (hosts === undefined) return new Map<string, RunningHost>();
  const { startHosts } = await import("./hosts/start-hosts.ts");
  return startHosts(hosts, parts);
}

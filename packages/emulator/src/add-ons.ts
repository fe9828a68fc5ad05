import type { BrokerOptions, IdentityBroker } from "./broker/identity-broker.ts";
import type { Closer } from "./closer.ts";
import type { Dashboard, DashboardOptions } from "./dashboard/dashboard.ts";
import type { Authority } from "./entra/authority.ts";
import { createCertificates } from "./http/certificates.ts";
import type { JournalWriter } from "./journal/journal.ts";
import { findProxiedService, type ProxiedService, serverNames } from "./microsoft-hosts.ts";
import type { ConnectProxy, ProxyOptions } from "./proxy/proxy.ts";

/** Servers that are started on demand. */
export interface AddOns {
  /**
   * Starts a proxy that sends Microsoft's hosts to the emulator; it closes with the emulator.
   *
   * @throws {Error} No port of the loopback interface is free.
   */
  startProxy(options?: ProxyOptions): Promise<ConnectProxy>;
  /**
   * Puts the account broker of Linux on a session bus, until the emulator closes. Its accounts are
   * users of the directory.
   *
   * @throws {Error} `dbus-daemon` is not installed, or the bus at `busAddress` has a broker
   *   already.
   * @throws {RangeError} No tenant has one of the users.
   */
  startBroker(options?: BrokerOptions): Promise<IdentityBroker>;
  /**
   * Serves a page on loopback, over HTTP, that shows applications, users and requests as they come,
   * until the emulator closes.
   *
   * @throws {Error} The port is taken.
   */
  startDashboard(options?: DashboardOptions): Promise<Dashboard>;
}

export interface AddOnParts {
  readonly authority: Authority;
  readonly journal: JournalWriter;
  readonly caCertificate: string;
  /** The ports of the services that a proxy serves under Microsoft's host names. */
  readonly proxiedPorts: Readonly<Record<ProxiedService, number>>;
  readonly closer: Closer;
}

/** Loads the code of each on its first call, so that an emulator without them starts faster. */
export function createAddOns({ authority, journal, caCertificate, proxiedPorts, closer }: AddOnParts): AddOns {
  return {
    async startProxy(options = {}) {
      const { startProxy } = await import("./proxy/proxy.ts");
      const proxy = await startProxy(options, {
        clock: authority.clock,
        caCertificate,
        inspection: options.inspectTls ? await createCertificates(serverNames) : undefined,
        findPort(name, port) {
          const service = findProxiedService(name);
          return service === undefined ? (isLoopback(name) ? port : undefined) : proxiedPorts[service];
        },
      });
      return closer.add(proxy);
    },
    async startBroker(options = {}) {
      const { startIdentityBroker } = await import("./broker/identity-broker.ts");
      return closer.add(await startIdentityBroker(authority, options));
    },
    async startDashboard(options = {}) {
      const { startDashboard } = await import("./dashboard/dashboard.ts");
      return closer.add(await startDashboard({ tenants: authority.tenants, journal }, options));
    },
  };
}

function isLoopback(host: string): boolean {
  return ["localhost", "127.0.0.1", "::1"].includes(host);
}

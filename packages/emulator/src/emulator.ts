import type { BrokerOptions, IdentityBroker } from "./broker/identity-broker.ts";
import { createUserActions, type UserActions } from "./browser/user-actions.ts";
import { writeCertificateFile } from "./certificate-file.ts";
import { type Clock, createClock } from "./clock.ts";
import { type EmulatorOptions, readLifetimes } from "./emulator-options.ts";
import { type ApplicationCredentials, createApplicationCredentials } from "./entra/application-credentials.ts";
import type { Authority } from "./entra/authority.ts";
import { createAssertionReplay } from "./entra/client-authentication/assertion-replay.ts";
import {
  type ClientCertificate,
  type ClientCertificateOptions,
  createCertificateMaker,
} from "./entra/client-certificates.ts";
import { createTenants, hasPrincipal, requireApplication } from "./entra/directory.ts";
import { createSessions } from "./entra/sessions.ts";
import { createSigningKey } from "./entra/signing-key.ts";
import { createUserSessions } from "./entra/users/user-sessions.ts";
import { issueUserToken, type UserTokenOptions } from "./entra/users/user-token.ts";
import { describeEnvironment, describeHost, type Scene } from "./environment.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import type { Hosts } from "./hosts/hosts.ts";
import { listIdentities } from "./hosts/managed-identities.ts";
import type { RunningHost } from "./hosts/start-hosts.ts";
import { createCertificates, type ServerCertificate } from "./http/certificates.ts";
import { createExchange, type Service } from "./http/exchange.ts";
import { listenOnLoopback } from "./http/listen.ts";
import { createJournal, type Journal } from "./journal/journal.ts";
import { findStandIn, serverNames } from "./microsoft-hosts.ts";
import { createOidcService, type OidcIssuers } from "./oidc/oidc-service.ts";
import { findOwnApplication } from "./own-application.ts";
import type { ConnectProxy, ProxyOptions } from "./proxy/proxy.ts";
import { isHostName } from "./service-names.ts";
import { type ProtectedApi, startServices } from "./start-services.ts";

export interface Emulator extends UserActions {
  /** `https://localhost:{port}` */
  readonly authorityHost: string;
  /** `https://localhost:{port}` of a key vault that accepts tokens of the first tenant. */
  readonly vaultUrl: string;
  /** The web API of the emulator's own application, for the tokens that others ask for it. */
  readonly api: ProtectedApi;
  /** The first tenant. */
  readonly tenantId: string;
  /** The first application of the first tenant, which signs in by secret. */
  readonly application: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
  /** GitHub Actions, Azure Pipelines and a Kubernetes cluster, whose tokens are assertions of federated credentials. */
  readonly issuers: OidcIssuers;
  /** What signs the applications in. */
  readonly credentials: ApplicationCredentials;
  /** Makes a certificate that a client could sign in by, once it is among its credentials. */
  createCertificate(options?: ClientCertificateOptions): Promise<ClientCertificate>;
  /** The access token that a user sends to the emulator's own application: what it acts on behalf of. */
  issueUserToken(options?: UserTokenOptions): Promise<string>;
  /** PEM of the certificate authority that a client has to trust. */
  readonly caCertificate: string;
  /** Path of the same PEM, in a private temporary directory that goes when the emulator closes. */
  readonly caCertificateFile: string;
  /** PEM for another server on this machine that the same clients have to trust. */
  readonly serverCertificate: ServerCertificate;
  /** Every request that arrived, without its secrets. */
  readonly requests: Journal;
  /** What goes wrong with the requests to come. */
  readonly faults: Faults;
  /** The time that tokens and errors carry. */
  readonly clock: Clock;
  /**
   * Ends the session of a principal: from now on the vault and the API refuse every token that was issued to it before.
   * Default: the emulator's own application.
   */
  revokeSession(objectId?: string): void;
  /** A host of managed identities that the options have named. */
  host<Name extends keyof Hosts>(name: Name): Hosts[Name];
  /** Starts a proxy that sends Microsoft's hosts to the emulator; it closes with it. */
  startProxy(options?: ProxyOptions): Promise<ConnectProxy>;
  /** Puts the account broker of Linux on a session bus; it leaves with the emulator. Whoever signs in is a user of the directory. */
  startBroker(options?: BrokerOptions): Promise<IdentityBroker>;
  /** The environment variables that make a client use the emulator. Default scene: `"service-principal"`. */
  env(scene?: Scene): Record<string, string>;
  /** Ends every connection, answered or not, frees the ports and removes the temporary directory. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts Microsoft Entra ID, a key vault and a protected API on loopback, on ports that the system chooses.
 *
 * ```ts
 * const emulator = await startEmulator();
 * const { tenantId, application, authorityHost } = emulator;
 * const credential = new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, {
 *   authorityHost,
 *   disableInstanceDiscovery: true,
 * });
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const tenants = createTenants(options.tenants);
  const own = findOwnApplication(tenants);
  const { tenantId } = own.tenant;
  const { clientId, objectId } = own.application;
  const lifetimes = readLifetimes(options);

  const clock = createClock();
  const journal = createJournal(clock);
  const faults = createFaults();
  const sessions = createSessions(clock);
  const issuerKey = createSigningKey();
  const oidc = createOidcService({ clock, signingKey: issuerKey });
  const authority: Authority = {
    tenants,
    clock,
    signingKey: createSigningKey(),
    lifetimes,
    sessions,
    userSessions: createUserSessions(),
    issuers: new Map(oidc.urls.map((url) => [url, issuerKey])),
    assertionReplay: createAssertionReplay(options.refuseReplayedAssertions ?? false),
    refusesUsedRefreshTokens: options.refuseUsedRefreshTokens ?? false,
    refusesHastyPolls: options.refuseHastyPolls ?? false,
  };
  const { caCertificate, serverCertificate } = await createCertificates(serverNames);
  const certificateFile = await writeCertificateFile(caCertificate);
  const listen = (service: Service, certificate?: ServerCertificate) =>
    listenOnLoopback(certificate, createExchange({ service, journal, faults }));
  const { entra, listeners, standIns, ...services } = await startServices({
    authority,
    oidc,
    tenantId,
    application: own.application,
    listen: (service) => listen(service, serverCertificate),
  });
  const { authorityHost } = services;

  const facts = {
    ...services,
    caCertificateFile: certificateFile.path,
    tenantId,
    application: { clientId, clientSecret: own.clientSecret, objectId },
  };
  let hosts: ReadonlyMap<string, RunningHost> = new Map();
  const proxies: ConnectProxy[] = [];
  const brokers: IdentityBroker[] = [];
  let closed: Promise<unknown> | undefined;
  const close = async () => {
    const servers = [...listeners, ...hosts.values(), ...proxies, ...brokers];
    closed ??= Promise.all([...servers.map((server) => server.close()), certificateFile.remove()]);
    await closed;
  };
  try {
    const { kubernetes } = services.issuers;
    const parts = { authority, authorityHost, caCertificate, tenant: own.tenant, listen, entra, clientId, kubernetes };
    // loaded on demand: an emulator without hosts does not pay for them
    if (options.hosts) hosts = await (await import("./hosts/start-hosts.ts")).startHosts(options.hosts, parts);
  } catch (error) {
    await close();
    throw error;
  }
  const host = (name: string) => {
    const started = hosts.get(name);
    if (started !== undefined) return started;
    throw new TypeError(`The emulator has no host "${name}". Start it with \`hosts: { "${name}": {} }\`.`);
  };
  return {
    ...facts,
    ...createUserActions({ authority, authorityHost, caCertificate }),
    credentials: createApplicationCredentials((whose = clientId) => requireApplication(tenants, whose)),
    createCertificate: createCertificateMaker(),
    issueUserToken: (userOptions) => issueUserToken(authority, { ...own, origin: authorityHost }, userOptions),
    caCertificate,
    serverCertificate,
    requests: journal.journal,
    faults,
    clock,
    revokeSession(whose = objectId) {
      const identities = [...hosts.values()].flatMap((started) => listIdentities(started.host));
      const known = hasPrincipal(tenants, whose) || identities.some((identity) => identity.objectId === whose);
      if (!known) throw new RangeError(`No principal has the object id ${whose}.`);
      sessions.revoke(whose);
    },
    async startProxy(proxyOptions = {}) {
      const { startProxy } = await import("./proxy/proxy.ts");
      const proxy = await startProxy(proxyOptions, {
        clock,
        caCertificate,
        inspection: proxyOptions.inspectTls ? await createCertificates(serverNames) : undefined,
        findPort(name, port) {
          const standIn = findStandIn(name);
          return standIn === undefined ? (isLoopback(name) ? port : undefined) : standIns[standIn];
        },
      });
      proxies.push(proxy);
      return proxy;
    },
    async startBroker(brokerOptions = {}) {
      const { startIdentityBroker } = await import("./broker/identity-broker.ts");
      const broker = await startIdentityBroker(authority, brokerOptions);
      brokers.push(broker);
      return broker;
    },
    host: <Name extends keyof Hosts>(name: Name) => host(name).host as Hosts[Name],
    env: (scene = "service-principal") =>
      isHostName(scene) ? describeHost(host(scene).env, facts) : describeEnvironment(scene, facts),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function isLoopback(host: string): boolean {
  return ["localhost", "127.0.0.1", "::1"].includes(host);
}

import { createApiService } from "./api/api-service.ts";
import type { BrokerOptions, IdentityBroker } from "./broker/identity-broker.ts";
import { createUserActions, type UserActions } from "./browser/user-actions.ts";
import { writeCertificateFile } from "./certificate-file.ts";
import { type Clock, createClock } from "./clock.ts";
import { type EmulatorOptions, readLifetimes } from "./emulator-options.ts";
import type { Application } from "./entra/application.ts";
import { type ApplicationCredentials, createApplicationCredentials } from "./entra/application-credentials.ts";
import type { Authority } from "./entra/authority.ts";
import { createAssertionReplay } from "./entra/client-authentication/assertion-replay.ts";
import {
  type ClientCertificate,
  type ClientCertificateOptions,
  createCertificateMaker,
} from "./entra/client-certificates.ts";
import { createTenants, findApplication, hasPrincipal, type Tenant } from "./entra/directory.ts";
import { createEntraService } from "./entra/entra-service.ts";
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
import { createKeyVaultService } from "./key-vault/key-vault-service.ts";
import { findStandIn, serverNames } from "./microsoft-hosts.ts";
import { createOidcService, type OidcIssuers } from "./oidc/oidc-service.ts";
import type { ConnectProxy, ProxyOptions } from "./proxy/proxy.ts";
import { isHostName } from "./service-names.ts";

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

/** A web API that verifies the tokens of its callers. */
export interface ProtectedApi {
  /** `https://localhost:{port}/me`, which answers any method with what the caller's token says. */
  readonly url: string;
  /** What to ask a token for. */
  readonly scope: string;
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
  const { tenant, application } = chooseDefaults(tenants);
  const { tenantId } = tenant;
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

  const entraService = createEntraService(authority);
  const entra = await listen(entraService, serverCertificate);
  const authorityHost = `https://localhost:${entra.port}`;
  const keyVault = await listen(createKeyVaultService({ authority, authorityHost, tenantId }), serverCertificate);
  const ownApplication = requireApplication(tenants, application.clientId);
  const apiParts = { authority, authorityHost, tenantId, application: ownApplication };
  const api = await listen(createApiService(apiParts), serverCertificate);
  const issuerServer = await listen(oidc.service, serverCertificate);
  const issuers = oidc.describe(`https://localhost:${issuerServer.port}`);

  const facts = { authorityHost, caCertificateFile: certificateFile.path, tenantId, application, issuers };
  let hosts: ReadonlyMap<string, RunningHost> = new Map();
  const proxies: ConnectProxy[] = [];
  const brokers: IdentityBroker[] = [];
  const standIns = { entra: entra.port, "key-vault": keyVault.port };
  let closed: Promise<unknown> | undefined;
  const close = async () => {
    const servers = [entra, keyVault, api, issuerServer, ...hosts.values(), ...proxies, ...brokers];
    closed ??= Promise.all([...servers.map((server) => server.close()), certificateFile.remove()]);
    await closed;
  };
  try {
    const { clientId } = application;
    const { kubernetes } = issuers;
    const parts = {
      authority,
      authorityHost,
      caCertificate,
      tenant,
      listen,
      entra: entraService,
      clientId,
      kubernetes,
    };
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
    vaultUrl: `https://localhost:${keyVault.port}`,
    api: {
      url: `https://localhost:${api.port}/me`,
      scope: `${ownApplication.identifierUris[0] ?? application.clientId}/.default`,
    },
    credentials: createApplicationCredentials((clientId = application.clientId) =>
      requireApplication(tenants, clientId),
    ),
    createCertificate: createCertificateMaker(),
    issueUserToken: (userOptions) => {
      return issueUserToken(authority, { tenant, application: ownApplication, origin: authorityHost }, userOptions);
    },
    caCertificate,
    serverCertificate,
    requests: journal.journal,
    faults,
    clock,
    revokeSession(objectId = application.objectId) {
      const identities = [...hosts.values()].flatMap((started) => listIdentities(started.host));
      const known = hasPrincipal(tenants, objectId) || identities.some((identity) => identity.objectId === objectId);
      if (!known) throw new RangeError(`No principal has the object id ${objectId}.`);
      sessions.revoke(objectId);
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

function chooseDefaults([tenant]: readonly Tenant[]): { tenant: Tenant; application: Emulator["application"] } {
  const application = tenant?.applications[0];
  const secret = application?.credentials.secrets[0];
  if (tenant === undefined || application === undefined || secret === undefined) {
    throw new TypeError("The first tenant needs an application, and the first application a secret.");
  }
  const { clientId, objectId } = application;
  return { tenant, application: { clientId, clientSecret: secret.value, objectId } };
}

function isLoopback(host: string): boolean {
  return ["localhost", "127.0.0.1", "::1"].includes(host);
}

function requireApplication(tenants: readonly Tenant[], clientId: string): Application {
  for (const tenant of tenants) {
    const application = findApplication(tenant, clientId);
    if (application !== undefined) return application;
  }
  throw new RangeError(`No application has the client id ${clientId}.`);
}

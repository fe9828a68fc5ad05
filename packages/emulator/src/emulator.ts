import { type AddOns, createAddOns } from "./add-ons.ts";
import { createUserActions, type UserActions } from "./browser/user-actions.ts";
import type { Clock } from "./clock.ts";
import { createCloser } from "./closer.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { createEmulatorState } from "./emulator-state.ts";
import { type ApplicationCredentials, createApplicationCredentials } from "./entra/application-credentials.ts";
import {
  type ClientCertificate,
  type ClientCertificateOptions,
  createCertificateMaker,
} from "./entra/client-certificates.ts";
import { hasPrincipal, requireApplication } from "./entra/directory.ts";
import { issueUserToken, type UserTokenOptions } from "./entra/users/user-token.ts";
import { describeEnvironment, describeHost, type EnvironmentPreset } from "./environment.ts";
import type { Faults } from "./faults/faults.ts";
import type { Hosts } from "./hosts/hosts.ts";
import { listIdentities } from "./hosts/managed-identities.ts";
import type { RunningHost } from "./hosts/start-hosts.ts";
import type { ServerCertificate } from "./http/certificates.ts";
import type { Journal } from "./journal/journal.ts";
import type { OidcIssuers } from "./oidc/oidc-service.ts";
import { isHostName } from "./service-names.ts";
import { type RunningServers, startServers } from "./start-servers.ts";
import type { ProtectedApi } from "./start-services.ts";

/** A running emulator. */
export interface Emulator extends UserActions, AddOns {
  /** `https://localhost:{port}` */
  readonly authorityHost: string;
  /** `https://localhost:{port}` of a key vault that accepts access tokens of the first tenant. */
  readonly vaultUrl: string;
  /** The web API of {@link Emulator.application}. */
  readonly api: ProtectedApi;
  /** GUID of the first tenant. */
  readonly tenantId: string;
  /** The first application of the first tenant, with its first client secret. */
  readonly application: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
  /** GitHub Actions, Azure Pipelines and a Kubernetes cluster: issuers of federated credentials. */
  readonly issuers: OidcIssuers;
  /** Adds and removes the credentials of applications. */
  readonly credentials: ApplicationCredentials;
  /**
   * Creates a client certificate. An application accepts it after {@link Emulator.credentials}
   * `.add`. Never rejects.
   */
  createCertificate(options?: ClientCertificateOptions): Promise<ClientCertificate>;
  /**
   * Issues an access token of a user for {@link Emulator.application}: the assertion of an
   * on-behalf-of request.
   * Never rejects.
   */
  issueUserToken(options?: UserTokenOptions): Promise<string>;
  /** PEM of the certificate authority that clients have to trust. */
  readonly caCertificate: string;
  /**
   * Path of the same PEM, in a private temporary directory that is removed when the emulator
   * closes.
   */
  readonly caCertificateFile: string;
  /**
   * The emulator's server certificate and key, for another local server that the same clients have
   * to trust.
   */
  readonly serverCertificate: ServerCertificate;
  /** Every request that arrived, with its secrets redacted. */
  readonly requests: Journal;
  /** Faults for the next requests. */
  readonly faults: Faults;
  /** The time in tokens and errors. */
  readonly clock: Clock;
  /**
   * Revokes the session of a principal: the vault and the API refuse every access token that it
   * received before, and Entra refuses its refresh tokens. Default: the object id of {@link
   * Emulator.application}.
   *
   * @throws {RangeError} No principal has this object id.
   */
  revokeSession(objectId?: string): void;
  /**
   * A managed-identity host that {@link EmulatorOptions.hosts} has started.
   *
   * @throws {TypeError} The options have not started it.
   */
  host<Name extends keyof Hosts>(name: Name): Hosts[Name];
  /**
   * The environment variables by which a client finds the emulator, and `NODE_EXTRA_CA_CERTS`, by
   * which it trusts the emulator besides what this process trusts by that variable. Default preset:
   * `"service-principal"`.
   *
   * @throws {TypeError} The preset does not exist, or its host was not started.
   */
  env(preset?: EnvironmentPreset): Record<string, string>;
  /**
   * Ends every connection, frees the ports and removes the temporary files. May be called twice.
   *
   * @throws {Error} A temporary file cannot be removed.
   */
  close(): Promise<void>;
  /** Calls {@link Emulator.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts Microsoft Entra ID, a key vault and a protected API on loopback, on ports that the
 * operating system chooses.
 *
 * @throws {TypeError} The first tenant has no application with a secret, or `hosts` names an
 *   unknown host.
 * @throws {RangeError} A lifetime, or `maxRecordedRequests`, is not a positive integer.
 * @example
 * const emulator = await startEmulator();
 * const { tenantId, application, authorityHost } = emulator;
 * const credential = new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, {
 *   authorityHost,
 *   disableInstanceDiscovery: true,
 * });
 * await emulator.close();
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const state = createEmulatorState(options);
  const closer = createCloser();
  try {
    return createEmulator(await startServers(state, options, closer));
  } catch (error) {
    await closer.close();
    throw error;
  }
}

function createEmulator(servers: RunningServers): Emulator {
  const { state, certificates, caCertificateFile, trustedFile, services, closer } = servers;
  const { own, authority } = state;
  const { tenants, clock } = authority;
  const { clientId, objectId } = own.application;
  const { authorityHost, vaultUrl, api, issuers, proxiedPorts } = services;
  const { caCertificate, serverCertificate } = certificates;
  const tenantId = own.tenant.tenantId;
  const application = { clientId, clientSecret: own.clientSecret, objectId };
  const facts = { authorityHost, vaultUrl, api, issuers, caCertificateFile, tenantId, application };
  const host = (name: string) => requireHost(servers, name);
  const trusted = { ...facts, trustedFile };
  return {
    ...facts,
    ...createUserActions({ authority, authorityHost, caCertificate }),
    ...createAddOns({ authority, journal: state.journal, caCertificate, proxiedPorts, closer }),
    credentials: createApplicationCredentials((id = clientId) => requireApplication(tenants, id)),
    createCertificate: createCertificateMaker(),
    issueUserToken: (options) => issueUserToken(authority, { ...own, origin: authorityHost }, options),
    caCertificate,
    serverCertificate,
    requests: state.journal.journal,
    faults: state.faults,
    clock,
    revokeSession: (id = objectId) => revokeSession(servers, id),
    host: <Name extends keyof Hosts>(name: Name) => host(name).host as Hosts[Name],
    env: (preset = "service-principal") =>
      isHostName(preset) ? describeHost(host(preset).env, trusted) : describeEnvironment(preset, trusted),
    close: closer.close,
    [Symbol.asyncDispose]: closer.close,
  };
}

function requireHost({ hosts }: RunningServers, name: string): RunningHost {
  const host = hosts.get(name);
  if (host !== undefined) return host;
  throw new TypeError(`The emulator has no host "${name}". Start it with \`hosts: { "${name}": {} }\`.`);
}

function revokeSession({ hosts, state: { authority } }: RunningServers, objectId: string): void {
  const identities = [...hosts.values()].flatMap((running) => listIdentities(running.host));
  const isKnown =
    hasPrincipal(authority.tenants, objectId) || identities.some((identity) => identity.objectId === objectId);
  if (!isKnown) throw new RangeError(`No principal has the object id ${objectId}.`);
  authority.sessions.revoke(objectId);
}

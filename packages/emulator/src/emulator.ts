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
import { describeEnvironment, describeHost, type Scene } from "./environment.ts";
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

export interface Emulator extends UserActions, AddOns {
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
  const { state, certificates, caCertificateFile, services, closer } = servers;
  const { own, authority } = state;
  const { tenants, clock } = authority;
  const { clientId, objectId } = own.application;
  const { authorityHost, vaultUrl, api, issuers, standIns } = services;
  const { caCertificate, serverCertificate } = certificates;
  const tenantId = own.tenant.tenantId;
  const application = { clientId, clientSecret: own.clientSecret, objectId };
  const facts = { authorityHost, vaultUrl, api, issuers, caCertificateFile, tenantId, application };
  const host = (name: string) => requireHost(servers, name);
  return {
    ...facts,
    ...createUserActions({ authority, authorityHost, caCertificate }),
    ...createAddOns({ authority, caCertificate, standIns, closer }),
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
    env: (scene = "service-principal") =>
      isHostName(scene) ? describeHost(host(scene).env, facts) : describeEnvironment(scene, facts),
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

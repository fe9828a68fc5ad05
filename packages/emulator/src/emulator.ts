import { writeCertificateFile } from "./certificate-file.ts";
import { type Clock, createClock } from "./clock.ts";
import type { TokenLifetimes } from "./entra/authority.ts";
import { createTenants, type Tenant, type TenantOptions } from "./entra/directory.ts";
import { createEntraService } from "./entra/entra-service.ts";
import { createSigningKey } from "./entra/signing-key.ts";
import { describeEnvironment, type Scene } from "./environment.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { createCertificates, type ServerCertificate } from "./http/certificates.ts";
import { createExchange } from "./http/exchange.ts";
import { listenOnLoopback } from "./http/listen.ts";
import { createJournal, type Journal } from "./journal/journal.ts";

export interface EmulatorOptions {
  /** The directory. The first application of the first tenant is the emulator's own. Default: one tenant, all of it inferred. */
  readonly tenants?: readonly TenantOptions[];
  /** Seconds until a token expires. Default: 3599. */
  readonly tokenLifetime?: number;
  /** Seconds after which clients are told to refresh a token (`refresh_in`). Default: they are not told. */
  readonly refreshIn?: number;
}

export interface Emulator {
  /** `https://localhost:{port}` */
  readonly authorityHost: string;
  /** The first tenant. */
  readonly tenantId: string;
  /** The first application of the first tenant, which signs in by secret. */
  readonly application: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
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
  /** The environment variables that make a client use the emulator. Default scene: `"service-principal"`. */
  env(scene?: Scene): Record<string, string>;
  /** Ends every connection, answered or not, frees the port and removes the temporary directory. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The names that the certificate is good for: this machine, and Microsoft's when a proxy sends them here. */
const serverNames = [
  { type: "dns", value: "localhost" },
  { type: "ip", value: "127.0.0.1" },
  { type: "ip", value: "::1" },
  { type: "dns", value: "login.microsoftonline.com" },
  { type: "dns", value: "login.windows.net" },
  { type: "dns", value: "management.azure.com" },
  { type: "dns", value: "management.core.windows.net" },
  { type: "dns", value: "graph.windows.net" },
] as const;

/**
 * Starts Microsoft Entra ID on loopback, on a port that the system chooses.
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
  const { tenantId, application } = chooseDefaults(tenants);
  const lifetimes = readLifetimes(options);

  const clock = createClock();
  const journal = createJournal(clock);
  const faults = createFaults();
  const service = createEntraService({ tenants, clock, signingKey: createSigningKey(), lifetimes });
  const { caCertificate, serverCertificate } = await createCertificates(serverNames);
  const certificateFile = await writeCertificateFile(caCertificate);
  const listener = await listenOnLoopback(serverCertificate, createExchange({ service, journal, faults }));

  const facts = {
    authorityHost: `https://localhost:${listener.port}`,
    caCertificateFile: certificateFile.path,
    tenantId,
    application,
  };
  let closed: Promise<unknown> | undefined;
  const close = async () => {
    closed ??= Promise.all([listener.close(), certificateFile.remove()]);
    await closed;
  };
  return {
    ...facts,
    caCertificate,
    serverCertificate,
    requests: journal.journal,
    faults,
    clock,
    env: (scene = "service-principal") => describeEnvironment(scene, facts),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function chooseDefaults([tenant]: readonly Tenant[]): Pick<Emulator, "tenantId" | "application"> {
  const application = tenant?.applications[0];
  const secret = application?.secrets[0];
  if (tenant === undefined || application === undefined || secret === undefined) {
    throw new TypeError("The first tenant needs an application, and the first application a secret.");
  }
  const { clientId, objectId } = application;
  return { tenantId: tenant.tenantId, application: { clientId, clientSecret: secret.value, objectId } };
}

function readLifetimes({ tokenLifetime = 3599, refreshIn }: EmulatorOptions): TokenLifetimes {
  for (const [name, value] of Object.entries({ tokenLifetime, refreshIn })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`\`${name}\` is a positive, whole number of seconds.`);
    }
  }
  return { tokenLifetime, refreshIn };
}

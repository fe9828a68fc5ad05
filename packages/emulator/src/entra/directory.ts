import { randomBytes, randomUUID } from "node:crypto";

export interface TenantOptions {
  /** GUID of the tenant. Default: random. */
  readonly tenantId?: string;
  /** Verified domains: other names of the tenant in the path, such as `"contoso.onmicrosoft.com"`. Default: none. */
  readonly domains?: readonly string[];
  /** Default: one application, all of it inferred. */
  readonly applications?: readonly ApplicationOptions[];
  /** URIs of resources that get v1.0 tokens, beside Microsoft's own, which every tenant has. Default: none. */
  readonly resources?: readonly string[];
}

/** An application: a client that signs in, and an API that others may ask tokens for. */
export interface ApplicationOptions {
  /** Default: a random GUID. */
  readonly clientId?: string;
  /** Object id of the service principal, the `oid` of its tokens. Default: a random GUID. */
  readonly objectId?: string;
  /** The `app_displayname` of its v1.0 tokens. Default: the client id. */
  readonly displayName?: string;
  /** Secrets that sign the application in; any of them will do. Default: one random secret. */
  readonly secrets?: readonly (string | SecretOptions)[];
  /** URIs under which others ask for tokens for this application (v2.0 tokens). Default: `api://{clientId}`. */
  readonly identifierUris?: readonly string[];
  /** App roles granted to the application, by resource URI: the `roles` of its tokens. Default: none. */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
}

export interface SecretOptions {
  readonly value: string;
  /** Refused from then on, on the emulator's clock. Default: never. */
  readonly expiresOn?: Date;
}

export interface Tenant {
  readonly tenantId: string;
  readonly domains: readonly string[];
  readonly applications: readonly Application[];
  readonly resources: readonly string[];
}

export interface Application {
  readonly clientId: string;
  readonly objectId: string;
  readonly displayName: string;
  readonly secrets: readonly SecretOptions[];
  readonly identifierUris: readonly string[];
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** The options with every default filled in. */
export function createTenants(options: readonly TenantOptions[] = [{}]): readonly Tenant[] {
  return options.map((tenant) => ({
    tenantId: tenant.tenantId ?? randomUUID(),
    domains: tenant.domains ?? [],
    applications: (tenant.applications ?? [{}]).map(createApplication),
    resources: tenant.resources ?? [],
  }));
}

function createApplication(options: ApplicationOptions): Application {
  const clientId = options.clientId ?? randomUUID();
  const secrets = options.secrets ?? [randomBytes(24).toString("base64url")];
  return {
    clientId,
    objectId: options.objectId ?? randomUUID(),
    displayName: options.displayName ?? clientId,
    secrets: secrets.map((secret) => (typeof secret === "string" ? { value: secret } : secret)),
    identifierUris: options.identifierUris ?? [`api://${clientId}`],
    roles: options.roles ?? {},
  };
}

/** The tenant of this GUID or verified domain. */
export function findTenant(tenants: readonly Tenant[], name: string): Tenant | undefined {
  return tenants.find(({ tenantId, domains }) => [tenantId, ...domains].some((known) => isSameName(known, name)));
}

export function findApplication(tenant: Tenant, clientId: string): Application | undefined {
  return tenant.applications.find((application) => isSameName(application.clientId, clientId));
}

export function hasPrincipal(tenants: readonly Tenant[], objectId: string): boolean {
  return tenants.some(({ applications }) => applications.some((known) => isSameName(known.objectId, objectId)));
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

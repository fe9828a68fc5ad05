import { randomUUID } from "node:crypto";
import { type Application, type ApplicationOptions, createApplication } from "./application.ts";
import { createUser, type User, type UserOptions } from "./users/user.ts";

/** A tenant of the directory. */
export interface TenantOptions {
  /** GUID of the tenant. Default: random. */
  readonly tenantId?: string;
  /**
   * Verified domains, which identify the tenant in the path, such as `"contoso.onmicrosoft.com"`.
   * Default: none.
   */
  readonly domains?: readonly string[];
  /** The name on the pages. Default: the first domain, otherwise the GUID. */
  readonly displayName?: string;
  /** The applications. Default: one, with random identifiers. */
  readonly applications?: readonly ApplicationOptions[];
  /** The users. Default: none. */
  readonly users?: readonly UserOptions[];
  /**
   * URIs of resources with v1.0 tokens, in addition to Microsoft's, which every tenant has.
   * Default: none.
   */
  readonly resources?: readonly string[];
}

export interface Tenant {
  readonly tenantId: string;
  readonly domains: readonly string[];
  readonly displayName: string;
  readonly applications: readonly Application[];
  /** Grows when a user creates an account (`prompt=create`). */
  readonly users: User[];
  readonly resources: readonly string[];
}

/** Fills in the defaults. */
export function createTenants(options: readonly TenantOptions[] = [{}]): readonly Tenant[] {
  return options.map(({ tenantId = randomUUID(), domains = [], ...tenant }) => ({
    tenantId,
    domains,
    displayName: tenant.displayName ?? domains[0] ?? tenantId,
    applications: (tenant.applications ?? [{}]).map(createApplication),
    users: (tenant.users ?? []).map(createUser),
    resources: tenant.resources ?? [],
  }));
}

export interface OwnApplication {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly clientSecret: string;
}

/**
 * The first application of the first tenant.
 *
 * @throws {TypeError} It does not exist, or has no secret.
 */
export function findOwnApplication([tenant]: readonly Tenant[]): OwnApplication {
  const application = tenant?.applications[0];
  const secret = application?.credentials.secrets[0];
  if (tenant === undefined || application === undefined || secret === undefined) {
    throw new TypeError("The first tenant needs an application, and the first application a secret.");
  }
  return { tenant, application, clientSecret: secret.value };
}

/** The tenant with this GUID or verified domain. */
export function findTenant(tenants: readonly Tenant[], name: string): Tenant | undefined {
  return tenants.find(({ tenantId, domains }) => [tenantId, ...domains].some((known) => isSameName(known, name)));
}

export function findApplication(tenant: Tenant, clientId: string): Application | undefined {
  return tenant.applications.find((application) => isSameName(application.clientId, clientId));
}

/**
 * The application with this client id, in any tenant.
 *
 * @throws {RangeError} No tenant has it.
 */
export function requireApplication(tenants: readonly Tenant[], clientId: string): Application {
  for (const tenant of tenants) {
    const application = findApplication(tenant, clientId);
    if (application !== undefined) return application;
  }
  throw new RangeError(`No application has the client id ${clientId}.`);
}

export function hasPrincipal(tenants: readonly Tenant[], objectId: string): boolean {
  return tenants.some(({ applications, users }) =>
    [...applications, ...users].some((known) => isSameName(known.objectId, objectId)),
  );
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

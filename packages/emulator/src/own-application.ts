import type { Application } from "./entra/application.ts";
import type { Tenant } from "./entra/directory.ts";

export interface OwnApplication {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly clientSecret: string;
}

/** The emulator's own application, which signs in by secret: the first one of the first tenant. */
export function findOwnApplication([tenant]: readonly Tenant[]): OwnApplication {
  const application = tenant?.applications[0];
  const secret = application?.credentials.secrets[0];
  if (tenant === undefined || application === undefined || secret === undefined) {
    throw new TypeError("The first tenant needs an application, and the first application a secret.");
  }
  return { tenant, application, clientSecret: secret.value };
}

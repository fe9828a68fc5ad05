import type { Env } from "./host.ts";
import type { IdentityOptions } from "./identity.ts";
import type { Machine } from "./machine.ts";

/** Variables that tell one application on a host from another. */
const siteVariables = ["WEBSITE_SITE_NAME", "CONTAINER_APP_NAME", "Fabric_ApplicationName", "Fabric_ServiceName"];

/**
 * Whom stored tokens speak for. An id says it alone; a system-assigned identity is whatever the machine has, so machines that share a
 * store are told apart.
 */
export function subjectOf(options: IdentityOptions, env: Env, machine: Machine): string {
  const id = options.clientId ?? options.objectId ?? options.resourceId;
  if (typeof id === "string") return id.toLowerCase();
  if (options.clientId !== null && env.AZURE_CLIENT_ID !== undefined) return env.AZURE_CLIENT_ID.toLowerCase();
  const site = siteVariables.map((name) => env[name] ?? "").join("/");
  return `system-assigned of ${machine.hostName()}${site === "///" ? "" : ` ${site}`}`;
}

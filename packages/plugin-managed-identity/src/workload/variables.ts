import {
  type Detection,
  emptyVariables,
  type HomeTenant,
  homeTenantOf,
  outcomeError,
  requireWellFormed,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { Env } from "../machine.ts";

/** The tenant of a pod. The cluster's webhook sets AZURE_TENANT_ID. */
export const podTenant: HomeTenant = { variables: ["AZURE_TENANT_ID"], required: true };

/**
 * Names the principal by tenant and client id: one client id may have a service principal in each
 * of several tenants.
 */
export function podSubject(given: Pick<WorkloadOptions, "clientId">, context: SourceContext): string | undefined {
  const clientId = given.clientId ?? context.env.AZURE_CLIENT_ID;
  const tenantId = homeTenantOf(podTenant, given, context) ?? null;
  return clientId === undefined ? undefined : JSON.stringify(["workload", tenantId, clientId]).toLowerCase();
}

/**
 * The options of a pod's identity. Omitted ones are read from the variables that the cluster sets.
 */
export interface WorkloadOptions {
  /** Starts the messages of errors. */
  readonly label: string;
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly tokenFilePath?: string | undefined;
  readonly enableAzureProxy?: boolean | undefined;
}

export interface Workload {
  readonly tenantId: string;
  readonly clientId: string;
  readonly tokenFile: string;
}

type Given = Pick<WorkloadOptions, "clientId" | "tokenFilePath">;

function missingOf(given: Given, env: Env, tenantId: string | undefined): string[] {
  const clientId = given.clientId ?? env.AZURE_CLIENT_ID;
  return [clientId ? [] : ["AZURE_CLIENT_ID"], tenantId ? [] : ["AZURE_TENANT_ID"]].flat();
}

/** Whether the variable of the token file is empty although the ids are set. */
function hasEmptyFile(given: Given, env: Env, tenantId: string | undefined): boolean {
  const isEmpty = given.tokenFilePath === undefined && env.AZURE_FEDERATED_TOKEN_FILE?.trim() === "";
  return isEmpty && missingOf(given, env, tenantId).length === 0;
}

/** Whether the program runs in a pod with an identity of its own. */
export function hasTokenFile(given: Given, context: SourceContext): boolean {
  const { env } = context;
  const file = given.tokenFilePath ?? env.AZURE_FEDERATED_TOKEN_FILE;
  return (
    file !== undefined && (file.trim() !== "" || hasEmptyFile(given, env, homeTenantOf(podTenant, given, context)))
  );
}

/** The token file decides whether the pod has an identity of its own; ids alone do not. */
export function detectWorkload(given: Given, env: Env, tenantId: string | undefined): Detection {
  if (hasEmptyFile(given, env, tenantId))
    return { state: "ready", reason: "AZURE_FEDERATED_TOKEN_FILE is set, but empty." };
  const hasFile = given.tokenFilePath !== undefined || Boolean(env.AZURE_FEDERATED_TOKEN_FILE?.trim());
  if (!hasFile && env.KUBERNETES_SERVICE_HOST === undefined)
    return { state: "absent", reason: "AZURE_FEDERATED_TOKEN_FILE is not set." };
  if (!hasFile) {
    const remedy = 'Label the pod `azure.workload.identity/use: "true"`, and give it the annotated service account.';
    return {
      state: "absent",
      reason: "AZURE_FEDERATED_TOKEN_FILE is not set in this pod.",
      remedy,
      isIncomplete: true,
    };
  }
  const missing = missingOf(given, env, tenantId);
  const origin = given.tokenFilePath === undefined ? "AZURE_FEDERATED_TOKEN_FILE is set" : "`tokenFilePath` is set";
  // an incomplete configuration must stop the chain before it signs in as the node
  if (missing.length > 0) return { state: "ready", reason: `${origin}, but not ${missing.join(" and ")}.` };
  return { state: "ready", reason: `${origin}; it signs in ${given.clientId ?? env.AZURE_CLIENT_ID}.` };
}

/** The complete settings of the pod. Throws an error that names the missing variables. */
export function readWorkload(options: WorkloadOptions, env: Env): Workload {
  const { label, tenantId } = options;
  const clientId = options.clientId ?? env.AZURE_CLIENT_ID;
  const tokenFile = options.tokenFilePath ?? env.AZURE_FEDERATED_TOKEN_FILE;
  if (hasEmptyFile(options, env, tenantId)) throw emptyVariables(label, ["AZURE_FEDERATED_TOKEN_FILE"]);
  if (options.tokenFilePath === undefined && !tokenFile?.trim()) {
    throw outcomeError("not-configured", `${label}: AZURE_FEDERATED_TOKEN_FILE is not set.`, {
      remedy: 'Label the pod `azure.workload.identity/use: "true"`, or set `tokenFilePath`.',
    });
  }
  const used = { AZURE_CLIENT_ID: options.clientId, AZURE_FEDERATED_TOKEN_FILE: options.tokenFilePath };
  const variables = Object.entries(used).flatMap(([name, option]) => (option === undefined ? name : []));
  requireWellFormed(label, env, variables);
  if (clientId && tenantId && tokenFile !== undefined) return { tenantId, clientId, tokenFile };
  const missing = missingOf(options, env, tenantId).join(" and ");
  throw outcomeError("misconfigured", `${label}: there is a token file, but no ${missing}.`, {
    code: "incomplete-environment",
    remedy: `Set ${missing}, or annotate the service account with azure.workload.identity/client-id.`,
  });
}

import { defineOptions, defineSource, homeTenantOf, type SourceContext } from "@azidentity/core/plugin";
import { detectWorkload, podSubject, podTenant } from "../workload/variables.ts";

const label = "workload-identity";

const options = defineOptions({
  tenantId: {
    type: "string",
    description: "Tenant: id or domain. Default: the config's `tenantId`, else AZURE_TENANT_ID.",
  },
  clientId: { type: "string", description: "Client id of the application or identity. Default: AZURE_CLIENT_ID." },
  tokenFilePath: { type: "string", description: "File with the cluster's token. Default: AZURE_FEDERATED_TOKEN_FILE." },
  enableAzureProxy: {
    type: "boolean",
    description:
      "Whether to use the token proxy of identity bindings. Default: when AZURE_KUBERNETES_TOKEN_PROXY is set.",
  },
});

export interface WorkloadIdentityOptions {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly tokenFilePath?: string | undefined;
  readonly enableAzureProxy?: boolean | undefined;
}

const tenantOf = (options: WorkloadIdentityOptions, context: SourceContext) =>
  homeTenantOf(podTenant, options, context);

/**
 * Signs a pod in as the application or identity of its service account.
 * Source: https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export const workloadIdentity = defineSource({
  name: label,
  kind: "deployed",
  priority: 200,
  tenantPolicy: "allow-list",
  options,
  detect: (given, context) => detectWorkload(given, context.env, tenantOf(given, context)),
  homeTenant: podTenant,
  subject: podSubject,
  async create(given, context) {
    const { createWorkloadCredential } = await import("../workload/credential.ts");
    return createWorkloadCredential({ ...given, label, tenantId: tenantOf(given, context) }, context);
  },
});

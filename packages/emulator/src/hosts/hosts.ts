import type { PodFacts, PodOptions } from "../kubernetes/pod.ts";
import type { HostName } from "../service-names.ts";
import { type AppServiceOptions, createAppService } from "./app-service.ts";
import { type AzureArcOptions, createAzureArc } from "./azure-arc.ts";
import { createAzureMl } from "./azure-ml.ts";
import { createCloudShell } from "./cloud-shell.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { createImds } from "./imds.ts";
import type { AssignedIdentities, Identities } from "./managed-identities.ts";
import { createServiceFabric, type ServiceFabricOptions } from "./service-fabric.ts";

export interface HostOptions extends AssignedIdentities {
  /** Seconds until its tokens expire. Default: 86399. */
  readonly tokenLifetime?: number;
  /** Whether it gives out a token again while it is valid, as Azure's own do. Default: each answer has a token of its own. */
  readonly keepsTokens?: boolean;
  /**
   * Whether it takes every connection and request, and never answers: as close to an address that drops packets as one comes on loopback.
   * Default: false.
   */
  readonly mute?: boolean;
}

/** The hosts to start, by name. `{}` is a host with a system-assigned identity. */
export interface HostsOptions {
  /** The Instance Metadata Service of virtual machines and scale sets. */
  readonly imds?: HostOptions;
  readonly "app-service"?: HostOptions & AppServiceOptions;
  readonly functions?: HostOptions & AppServiceOptions;
  readonly "container-apps"?: HostOptions;
  readonly "azure-arc"?: HostOptions & AzureArcOptions;
  readonly "cloud-shell"?: HostOptions;
  readonly "service-fabric"?: HostOptions & ServiceFabricOptions;
  readonly "azure-ml"?: HostOptions;
  /** A pod of AKS. It has a token file in the place of identities. */
  readonly "workload-identity"?: PodOptions;
}

/** A host that runs. */
export interface Host extends Identities {
  readonly name: HostName;
  /** The URL at which it gives out tokens. */
  readonly endpoint: string;
}

/** The hosts that run, by name. */
export type Hosts = { readonly [Name in HostName]: Host & (Name extends keyof HostFacts ? HostFacts[Name] : unknown) };

/** What there is to know of some of them, beside what there is of all. */
export interface HostFacts {
  readonly "azure-arc": { readonly keyDirectory: string };
  /** The PEM of its own certificate, and the SHA-1 of it by which clients know it. */
  readonly "workload-identity": PodFacts;
  readonly "service-fabric": { readonly certificate: string; readonly thumbprint: string };
}

/** What a host is to Azure, and how its protocol is made. */
export interface HostKind {
  readonly resourceType: string;
  readonly create: (tools: HostTools, options: never) => HostProtocol | Promise<HostProtocol>;
}

export const hostKinds: Readonly<Record<Exclude<HostName, "workload-identity">, HostKind>> = {
  imds: { resourceType: "Microsoft.Compute/virtualMachines", create: createImds },
  "app-service": {
    resourceType: "Microsoft.Web/sites",
    create: (tools, options: AppServiceOptions) => createAppService(tools, options, { WEBSITE_SITE_NAME: "emulator" }),
  },
  functions: {
    resourceType: "Microsoft.Web/sites",
    create: (tools, options: AppServiceOptions) =>
      createAppService(tools, options, { WEBSITE_SITE_NAME: "emulator", FUNCTIONS_WORKER_RUNTIME: "node" }),
  },
  "container-apps": {
    resourceType: "Microsoft.App/containerApps",
    create: (tools) => createAppService(tools, {}, { CONTAINER_APP_NAME: "emulator" }),
  },
  "azure-arc": { resourceType: "Microsoft.HybridCompute/machines", create: createAzureArc },
  "cloud-shell": { resourceType: "Microsoft.Portal/consoles", create: createCloudShell },
  "service-fabric": { resourceType: "Microsoft.ServiceFabric/managedClusters", create: createServiceFabric },
  "azure-ml": { resourceType: "Microsoft.MachineLearningServices/workspaces", create: createAzureMl },
};

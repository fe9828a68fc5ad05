import { randomBytes, randomUUID } from "node:crypto";
import type { PodFacts, PodOptions } from "../kubernetes/pod.ts";
import type { HostName } from "../service-names.ts";
import { type AppServiceOptions, createAppService } from "./app-service.ts";
import { type AzdHostOptions, createAzdHost } from "./azd-host.ts";
import { type AzureArcOptions, createAzureArc } from "./azure-arc.ts";
import { createAzureMl } from "./azure-ml.ts";
import { createCloudShell } from "./cloud-shell.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { createImds } from "./imds.ts";
import type { AssignedIdentities, Identities } from "./managed-identities.ts";
import { createRelay } from "./relay.ts";
import { createServiceFabric, type ServiceFabricOptions } from "./service-fabric.ts";
import { createSidecar } from "./sidecar.ts";

/** The options that all hosts but `workload-identity` have. */
export interface HostOptions extends AssignedIdentities {
  /** Seconds until its tokens expire. Default: 86399. */
  readonly tokenLifetimeSeconds?: number;
  /** Whether it caches tokens until they expire, as Azure's hosts do. Default: false. */
  readonly cacheTokens?: boolean;
  /**
   * Whether it accepts connections and requests and never responds. An address that drops packets
   * cannot be emulated on loopback. Default: false.
   */
  readonly silent?: boolean;
}

/** The hosts to start. `{}` is a host with a system-assigned identity. */
export interface HostsOptions {
  /** The Instance Metadata Service of virtual machines and scale sets. */
  readonly imds?: HostOptions;
  /** Azure App Service. */
  readonly "app-service"?: HostOptions & AppServiceOptions;
  /** Azure Functions. */
  readonly functions?: HostOptions & AppServiceOptions;
  /** Azure Container Apps. */
  readonly "container-apps"?: HostOptions;
  /**
   * A container group of Azure Container Instances: a metadata service, beside variables that name
   * no endpoint.
   */
  readonly "container-instances"?: HostOptions;
  /** The agent of Azure Arc. */
  readonly "azure-arc"?: HostOptions & AzureArcOptions;
  /** Azure Cloud Shell. */
  readonly "cloud-shell"?: HostOptions;
  /** A Service Fabric cluster. */
  readonly "service-fabric"?: HostOptions & ServiceFabricOptions;
  /** A compute of Azure Machine Learning. */
  readonly "azure-ml"?: HostOptions;
  /** A pod of AKS, with a token file. */
  readonly "workload-identity"?: PodOptions;
  /**
   * A program that runs others and signs in for them, such as an editor: azd's external
   * authentication.
   */
  readonly "azd-host"?: HostOptions & AzdHostOptions;
  /** Microsoft Entra's authentication sidecar. Its user-assigned identities are its agents. */
  readonly sidecar?: HostOptions;
  /** A relay of the exec contract over HTTP, as `azid serve` is. */
  readonly relay?: HostOptions;
}

/** A running host. */
export interface Host extends Identities {
  /** The name of the host. */
  readonly name: HostName;
  /** The URL of token requests. */
  readonly endpoint: string;
}

/** The running hosts, by name. */
export type Hosts = { readonly [Name in HostName]: Host & (Name extends keyof HostFacts ? HostFacts[Name] : unknown) };

/** The additional properties of some hosts. */
export interface HostFacts {
  readonly "azure-arc": { readonly keyDirectory: string };
  readonly "workload-identity": PodFacts;
  /** PEM of its server certificate, and the SHA-1 thumbprint by which clients identify it. */
  readonly "service-fabric": { readonly certificate: string; readonly thumbprint: string };
}

/** The variables of a container group, which are those of Service Fabric without the endpoint. */
const containerGroupVariables = () => ({
  IDENTITY_API_VERSION: "2019-07-01-preview",
  IDENTITY_HEADER: randomUUID(),
  IDENTITY_SERVER_THUMBPRINT: randomBytes(20).toString("hex").toUpperCase(),
});

/** The Azure resource type of a host, and its protocol. */
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
  "container-instances": {
    resourceType: "Microsoft.ContainerInstance/containerGroups",
    create: (tools) => createImds(tools, {}, containerGroupVariables()),
  },
  "azure-arc": { resourceType: "Microsoft.HybridCompute/machines", create: createAzureArc },
  "cloud-shell": { resourceType: "Microsoft.Portal/consoles", create: createCloudShell },
  "service-fabric": { resourceType: "Microsoft.ServiceFabric/managedClusters", create: createServiceFabric },
  "azure-ml": { resourceType: "Microsoft.MachineLearningServices/workspaces", create: createAzureMl },
  "azd-host": { resourceType: "Microsoft.ManagedIdentity/hosts", create: createAzdHost },
  sidecar: { resourceType: "Microsoft.ManagedIdentity/hosts", create: createSidecar },
  relay: { resourceType: "Microsoft.ManagedIdentity/hosts", create: createRelay },
};

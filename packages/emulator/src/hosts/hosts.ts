import type { HostName } from "../service-names.ts";
import { type AppServiceOptions, createAppService } from "./app-service.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { createImds } from "./imds.ts";
import type { AssignedIdentities, Identities } from "./managed-identities.ts";

export interface HostOptions extends AssignedIdentities {
  /** Seconds until its tokens expire. Default: 86399. */
  readonly tokenLifetime?: number;
  /** Whether it gives out a token again while it is valid, as Azure's own do. Default: each answer has a token of its own. */
  readonly keepsTokens?: boolean;
}

/** The hosts to start, by name. `{}` is a host with a system-assigned identity. */
export interface HostsOptions {
  /** The Instance Metadata Service of virtual machines and scale sets. */
  readonly imds?: HostOptions;
  readonly "app-service"?: HostOptions & AppServiceOptions;
  readonly functions?: HostOptions & AppServiceOptions;
  readonly "container-apps"?: HostOptions;
}

/** A host that runs. */
export interface Host extends Identities {
  readonly name: HostName;
  /** The URL at which it gives out tokens. */
  readonly endpoint: string;
}

/** The hosts that run, by name. */
export type Hosts = { readonly [Name in keyof HostsOptions]-?: Host };

/** What a host is to Azure, and how its protocol is made. */
export interface HostKind {
  readonly resourceType: string;
  readonly create: (tools: HostTools, options: never) => HostProtocol | Promise<HostProtocol>;
}

export const hostKinds: Readonly<Record<keyof HostsOptions, HostKind>> = {
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
};

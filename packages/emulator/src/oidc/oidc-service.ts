import type { SigningKey } from "../entra/signing-key.ts";
import type { Service } from "../http/exchange.ts";
import type { JsonObject, ServerRequest } from "../http/message.ts";
import type { Route } from "../http/route.ts";
import { type AzurePipelines, createAzurePipelines } from "./azure-pipelines.ts";
import { createGithubActions, type GithubActions } from "./github-actions.ts";
import type { IssuerParts } from "./issuer.ts";
import { createKubernetes, type Kubernetes } from "./kubernetes.ts";
import { vssError } from "./vss-error.ts";

/** Issuers other than Entra whose tokens are assertions of federated credentials. */
export interface OidcIssuers {
  /** GitHub Actions. */
  readonly githubActions: GithubActions;
  /** Azure Pipelines. */
  readonly azurePipelines: AzurePipelines;
  /** A Kubernetes cluster (AKS). */
  readonly kubernetes: Kubernetes;
}

export interface OidcService {
  readonly service: Service;
  /** The URLs of the issuers. */
  readonly urls: readonly string[];
  /** The issuers, with request URLs below the `origin` of the service. */
  describe(origin: string): OidcIssuers;
}

/**
 * Creates the issuers GitHub Actions, Azure Pipelines and a Kubernetes cluster. Their issuer URLs
 * are those of the cloud, so that federated credentials look the same as there; the endpoints at
 * which clients request tokens are on loopback.
 */
export function createOidcService(parts: IssuerParts): OidcService {
  const githubActions = createGithubActions(parts);
  const azurePipelines = createAzurePipelines(parts);
  const kubernetes = createKubernetes(parts);
  const issuers: Readonly<Record<string, string>> = {
    "github-actions": githubActions.issuer,
    "azure-pipelines": azurePipelines.issuer,
    kubernetes: kubernetes.issuer,
  };
  return {
    service: {
      name: "oidc",
      routes: [...githubActions.routes, ...azurePipelines.routes, ...discoveryRoutes(issuers, parts.signingKey)],
      failure: (status) => vssError(status, failureKey(status), "This error response was requested by a fault."),
    },
    urls: Object.values(issuers),
    describe: (origin) => ({
      githubActions: githubActions.describe(origin),
      azurePipelines: azurePipelines.describe(origin),
      kubernetes,
    }),
  };
}

/** The discovery document of each issuer, and the keys that all of them share. */
function discoveryRoutes(issuers: Readonly<Record<string, string>>, signingKey: SigningKey): readonly Route[] {
  const documents = Object.entries(issuers).map(([name, issuer]) => ({
    method: "GET",
    path: `/${name}/.well-known/openid-configuration`,
    handle: ({ url }: ServerRequest) => ({ status: 200, body: describeIssuer(issuer, url.origin) }),
  }));
  const keys: Route = {
    method: "GET",
    path: "/keys",
    handle: async () => ({ status: 200, body: { keys: [await signingKey.publicKey()] } }),
  };
  return [...documents, keys];
}

function describeIssuer(issuer: string, origin: string): JsonObject {
  return {
    issuer,
    jwks_uri: `${origin}/keys`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function failureKey(status: number): string {
  const keys: Readonly<Record<number, string>> = {
    401: "UnauthorizedRequestException",
    403: "AccessCheckException",
    404: "TaskOrchestrationPlanNotFoundException",
    429: "RequestBlockedException",
  };
  return keys[status] ?? "VssServiceException";
}

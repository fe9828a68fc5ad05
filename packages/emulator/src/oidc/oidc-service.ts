import type { Service } from "../http/exchange.ts";
import type { JsonObject } from "../http/message.ts";
import { type AzurePipelines, createAzurePipelines } from "./azure-pipelines.ts";
import { createGithubActions, type GithubActions } from "./github-actions.ts";
import type { IssuerParts } from "./issuer.ts";
import { createKubernetes, type Kubernetes } from "./kubernetes.ts";
import { vssError } from "./vss-error.ts";

/** Issuers outside of Entra whose tokens are assertions of federated credentials. */
export interface OidcIssuers {
  readonly githubActions: GithubActions;
  readonly azurePipelines: AzurePipelines;
  readonly kubernetes: Kubernetes;
}

export interface OidcService {
  readonly service: Service;
  /** The issuers' URLs, which Entra knows them by. */
  readonly urls: readonly string[];
  /** The issuers as clients meet them, once the service listens at `origin`. */
  describe(origin: string): OidcIssuers;
}

/**
 * GitHub Actions, Azure Pipelines and a Kubernetes cluster, as far as they issue tokens. They are called what they are called in
 * the cloud, so that federated credentials read as they do there; where a client asks for tokens is on this machine.
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
      routes: [
        ...githubActions.routes,
        ...azurePipelines.routes,
        ...Object.entries(issuers).map(([name, issuer]) => ({
          method: "GET",
          path: `/${name}/.well-known/openid-configuration`,
          handle: ({ url }: { readonly url: URL }) => ({ status: 200, body: describeIssuer(issuer, url.origin) }),
        })),
        {
          method: "GET",
          path: "/keys",
          handle: async () => ({ status: 200, body: { keys: [await parts.signingKey.publicKey()] } }),
        },
      ],
      failure(_, status = 500, error) {
        if (error !== undefined) throw new TypeError("An issuer has no AADSTS errors; they are answers of Entra's.");
        return vssError(status, failureKey(status), "The emulator was told to fail.");
      },
      challenge() {
        throw new TypeError("An issuer has no challenges; they are answers of the resources'.");
      },
      expiry() {
        throw new TypeError(
          "An issuer's tokens have one form of expiry; the others are answers of the managed-identity hosts.",
        );
      },
    },
    urls: Object.values(issuers),
    describe: (origin) => ({
      githubActions: githubActions.describe(origin),
      azurePipelines: azurePipelines.describe(origin),
      kubernetes,
    }),
  };
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

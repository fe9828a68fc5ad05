import { createApiService } from "./api/api-service.ts";
import type { Application } from "./entra/application.ts";
import type { Authority } from "./entra/authority.ts";
import { createEntraService } from "./entra/entra-service.ts";
import type { Service } from "./http/exchange.ts";
import type { Listener } from "./http/listen.ts";
import { createKeyVaultService } from "./key-vault/key-vault-service.ts";
import type { ProxiedService } from "./microsoft-hosts.ts";
import type { OidcIssuers, OidcService } from "./oidc/oidc-service.ts";

export interface ServicesParts {
  readonly authority: Authority;
  readonly oidc: OidcService;
  /** The tenant whose tokens the key vault accepts. */
  readonly tenantId: string;
  /** The audience of the tokens that the API accepts. */
  readonly application: Application;
  readonly listen: (service: Service) => Promise<Listener>;
}

/** A web API that verifies access tokens. */
export interface ProtectedApi {
  /**
   * `https://localhost:{port}/me`, which returns the claims of the access token, for every method.
   */
  readonly url: string;
  /** The scope of its access tokens. */
  readonly scope: string;
}

export interface RunningServices {
  /** Entra's routes, for a proxy in front of them. */
  readonly entra: Service;
  readonly authorityHost: string;
  readonly vaultUrl: string;
  readonly api: ProtectedApi;
  readonly issuers: OidcIssuers;
  /** The ports of the services that a proxy serves under Microsoft's host names. */
  readonly proxiedPorts: Readonly<Record<ProxiedService, number>>;
}

const originOf = ({ port }: Listener) => `https://localhost:${port}`;

/** Starts Entra, a key vault, a web API, and the issuers of federated credentials. */
export async function startServices(parts: ServicesParts): Promise<RunningServices> {
  const { authority, oidc, tenantId, application, listen } = parts;
  const entraService = createEntraService(authority);
  const entra = await listen(entraService);
  const authorityHost = originOf(entra);
  const keyVault = await listen(createKeyVaultService({ authority, authorityHost, tenantId }));
  const api = await listen(createApiService({ authority, authorityHost, tenantId, application }));
  const issuers = await listen(oidc.service);
  return {
    entra: entraService,
    authorityHost,
    vaultUrl: originOf(keyVault),
    api: {
      url: `${originOf(api)}/me`,
      scope: `${application.identifierUris[0] ?? application.clientId}/.default`,
    },
    issuers: oidc.describe(originOf(issuers)),
    proxiedPorts: { entra: entra.port, "key-vault": keyVault.port },
  };
}

import { createApiService } from "./api/api-service.ts";
import type { Application } from "./entra/application.ts";
import type { Authority } from "./entra/authority.ts";
import { createEntraService } from "./entra/entra-service.ts";
import type { Service } from "./http/exchange.ts";
import type { Listener } from "./http/listen.ts";
import { createKeyVaultService } from "./key-vault/key-vault-service.ts";
import type { StandIn } from "./microsoft-hosts.ts";
import type { OidcIssuers, OidcService } from "./oidc/oidc-service.ts";

export interface ServicesParts {
  readonly authority: Authority;
  readonly oidc: OidcService;
  /** Whose tokens the key vault accepts. */
  readonly tenantId: string;
  /** Whose tokens the API accepts. */
  readonly application: Application;
  readonly listen: (service: Service) => Promise<Listener>;
}

/** A web API that verifies the tokens of its callers. */
export interface ProtectedApi {
  /** `https://localhost:{port}/me`, which answers any method with what the caller's token says. */
  readonly url: string;
  /** What to ask a token for. */
  readonly scope: string;
}

export interface RunningServices {
  /** For others who answer in Entra's place. */
  readonly entra: Service;
  readonly authorityHost: string;
  readonly vaultUrl: string;
  readonly api: ProtectedApi;
  readonly issuers: OidcIssuers;
  /** The ports of those that stand for hosts of Microsoft's. */
  readonly standIns: Readonly<Record<StandIn, number>>;
}

const originOf = ({ port }: Listener) => `https://localhost:${port}`;

/** Starts what every emulator has: Entra, a key vault, a web API, and the issuers of federated tokens. */
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
    standIns: { entra: entra.port, "key-vault": keyVault.port },
  };
}

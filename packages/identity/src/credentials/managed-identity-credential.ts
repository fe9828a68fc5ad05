import { CredentialUnavailableError } from "../errors/errors.ts";
import { tokenOf } from "../shared/calls.ts";
import { type Variables, without } from "../shared/environment.ts";
import type { TokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, ownVariables, signsInBy } from "./base.ts";

/** Options of a {@link ManagedIdentityCredential} that is named by its client id. */
export interface ManagedIdentityCredentialClientIdOptions extends TokenCredentialOptions {
  /** Client id of a user-assigned identity. Default: the system-assigned identity. */
  clientId?: string;
}

/** Options of a {@link ManagedIdentityCredential} that is named by its resource id. */
export interface ManagedIdentityCredentialResourceIdOptions extends TokenCredentialOptions {
  /** Resource id of a user-assigned identity: `/subscriptions/...`. */
  resourceId: string;
}

/** Options of a {@link ManagedIdentityCredential} that is named by its object id. */
export interface ManagedIdentityCredentialObjectIdOptions extends TokenCredentialOptions {
  /** Object (principal) id of a user-assigned identity. */
  objectId: string;
}

const className = "ManagedIdentityCredential";

type Ids = Readonly<Record<"clientId" | "resourceId" | "objectId", string | undefined>>;

/** The ids that have a value; an empty one counts as absent. */
function readIds(given: Partial<Ids>): Partial<Ids> {
  const { clientId, resourceId, objectId } = given;
  const ids = Object.entries({ clientId, resourceId, objectId }).filter(([, id]) => id);
  if (ids.length > 1)
    throw new Error(
      `${className}: only one of 'clientId', 'resourceId', or 'objectId' can be provided. Received: ${ids.map(([name]) => name).join(", ")}.`,
    );
  return Object.fromEntries(ids);
}

/** The host whose identity is that of its own settings; `undefined`: a host that takes an id. */
function hostWithOneIdentity(variables: Variables): string | undefined {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT, MSI_ENDPOINT, MSI_SECRET } = variables;
  if (IDENTITY_ENDPOINT && IDENTITY_HEADER) return IDENTITY_SERVER_THUMBPRINT ? "Service Fabric" : undefined;
  return MSI_ENDPOINT && !MSI_SECRET ? "CloudShell" : undefined;
}

/**
 * Only WorkloadIdentityCredential uses the token proxy of a cluster, and only if it is asked to.
 */
const proxyVariables = ["TOKEN_PROXY", "SNI_NAME", "CA_FILE", "CA_DATA"].map((name) => `AZURE_KUBERNETES_${name}`);

/**
 * A pod has an identity of its own where a token file, a tenant and a client id are known. Without
 * an id, AZURE_CLIENT_ID names no managed identity elsewhere.
 */
export function managedIdentityOf(ids: Partial<Ids>, variables: Variables) {
  const { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client } = variables;
  const isPod = Boolean(file && tenant && (ids.clientId || client));
  const isNamed = Object.keys(ids).length > 0;
  return {
    sourceOptions: ids,
    exactOptions: isNamed || isPod ? {} : { clientId: null },
    variables: without(variables, ...proxyVariables, ...(isPod ? [] : ["AZURE_FEDERATED_TOKEN_FILE"])),
  };
}

/** The identity that Azure assigns to the host of the program. */
export class ManagedIdentityCredential extends Credential {
  constructor(clientId: string, options?: TokenCredentialOptions);
  constructor(options?: ManagedIdentityCredentialClientIdOptions);
  constructor(options?: ManagedIdentityCredentialResourceIdOptions);
  constructor(options?: ManagedIdentityCredentialObjectIdOptions);
  constructor(
    clientIdOrOptions?:
      | string
      | ManagedIdentityCredentialClientIdOptions
      | ManagedIdentityCredentialResourceIdOptions
      | ManagedIdentityCredentialObjectIdOptions,
    options?: TokenCredentialOptions,
  ) {
    super();
    const isText = typeof clientIdOrOptions === "string";
    const given: TokenCredentialOptions & Partial<Ids> = (isText ? options : clientIdOrOptions) ?? {};
    const ids = readIds(isText ? { ...given, clientId: clientIdOrOptions } : given);
    const variables = ownVariables();
    const host = hostWithOneIdentity(variables);
    if (host !== undefined && Object.keys(ids).length > 0)
      throw new CredentialUnavailableError(
        `${className}: Specifying a user-assigned managed identity is not supported for ${host} at runtime. Omit clientId, resourceId and objectId.`,
      );
    signsInBy(
      this,
      { ManagedIdentityCredential },
      {
        source: "managed-identity",
        ...managedIdentityOf(ids, variables),
        options: given,
        errors: "unavailable",
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}

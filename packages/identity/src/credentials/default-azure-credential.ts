import { defaultChainError } from "../errors/default-chain-error.ts";
import { logger } from "../logging/logger.ts";
import { checkTenant } from "../settings/check-arguments.ts";
import { definedOf, readClientSettings } from "../settings/client-settings.ts";
import { readVariables, type Variables } from "../shared/environment.ts";
import { prepareLink } from "../shared/instance.ts";
import { memberSpans } from "../tracing/member-spans.ts";
import { isWanted } from "../tracing/spans.ts";
import { ChainedTokenCredential } from "./chained-token-credential.ts";
import type {
  DefaultAzureCredentialClientIdOptions,
  DefaultAzureCredentialOptions,
  DefaultAzureCredentialResourceIdOptions,
} from "./default-azure-credential-options.ts";
import { completePrincipal } from "./environment-principal.ts";
import { checkTokenCredentials } from "./token-credentials-variable.ts";
import type { WorkloadIdentityCredentialOptions } from "./workload-identity-credential.ts";

type AnyOptions = DefaultAzureCredentialClientIdOptions & Partial<DefaultAzureCredentialResourceIdOptions>;

function checkRequired({ requiredEnvVars }: AnyOptions): void {
  const missing = [requiredEnvVars || []].flat().filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  const [variables, are] = missing.length === 1 ? ["variable", "is"] : ["variables", "are"];
  throw new Error(
    `Required environment ${variables} '${missing.join(", ")}' for DefaultAzureCredential ${are} not set or empty.`,
  );
}

/** Whether a source is in the chain, where an option says so. */
const inChain = (exclude: boolean | undefined) => (exclude === undefined ? undefined : { enabled: !exclude });

/** The settings of the sources that are in the chain by default. */
function sourcesOf(options: AnyOptions) {
  const { managedIdentityClientId, managedIdentityResourceId: resourceId } = options;
  const tenantId = options.tenantId || undefined;
  const clientId = managedIdentityClientId || undefined;
  const workload = {
    tenantId,
    clientId: options.workloadIdentityClientId || clientId,
    enableAzureProxy: (options as WorkloadIdentityCredentialOptions).enableAzureProxy === true,
  };
  const tool = { tenantId, processTimeoutInMs: options.processTimeoutInMs || undefined };
  const { includeInteractiveBrowserCredential: isInteractive } = options;
  const sources = {
    environment: { ...inChain(options.excludeEnvironmentCredential) },
    "workload-identity": { ...workload, ...inChain(options.excludeWorkloadIdentityCredential) },
    "managed-identity": {
      ...(resourceId ? { resourceId } : { clientId }),
      ...inChain(options.excludeManagedIdentityCredential),
    },
    "visual-studio-code": { tenantId, ...inChain(options.excludeVisualStudioCodeCredential) },
    "azure-cli": { ...tool, ...inChain(options.excludeAzureCliCredential) },
    "azure-powershell": { ...tool, ...inChain(options.excludeAzurePowerShellCredential) },
    "azure-developer-cli": { ...tool, ...inChain(options.excludeAzureDeveloperCliCredential) },
    broker: { tenantId, ...inChain(options.excludeBrokerCredential) },
    "interactive-browser": isInteractive === undefined ? {} : { enabled: isInteractive, tenantId },
  };
  const given = Object.entries(sources).map(([name, settings]) => [name, definedOf(settings)] as const);
  return Object.fromEntries(given.filter(([, settings]) => Object.keys(settings).length > 0));
}

/**
 * The variables of now, read as `@azure/identity` reads them. A pod's client id may come from an
 * option.
 */
function readChainVariables(): Variables {
  return completePrincipal(readVariables());
}

/**
 * The environment's service principal, then workload identity, managed identity, Visual Studio Code
 * and the developer tools: the first that has a token. AZURE_TOKEN_CREDENTIALS, read when it is
 * made, selects among them; a config of azidentity can change the chain. `getToken` rejects with an
 * {@link AggregateAuthenticationError} if none has a token, and with an {@link AuthenticationError}
 * if the environment's principal was refused (docs/errors.md).
 */
export class DefaultAzureCredential extends ChainedTokenCredential {
  constructor(options?: DefaultAzureCredentialClientIdOptions);
  constructor(options?: DefaultAzureCredentialResourceIdOptions);
  constructor(options?: DefaultAzureCredentialOptions);
  constructor(options?: AnyOptions) {
    super();
    const given = options ?? {};
    const variables = readChainVariables();
    try {
      checkRequired(given);
      checkTokenCredentials(variables.AZURE_TOKEN_CREDENTIALS);
    } catch (error) {
      logger.warning(`DefaultAzureCredential => ${(error as Error).message}`);
      throw error;
    }
    checkTenant(given.tenantId);
    const { config, overrides, shares } = readClientSettings("DefaultAzureCredential", given);
    const isOwn = this.constructor === DefaultAzureCredential;
    prepareLink(this, {
      className: isOwn ? "DefaultAzureCredential" : this.constructor.name,
      spanNames: ["ChainedTokenCredential"], // as in `@azure/identity`
      base: "DefaultAzureCredential",
      of: "default-chain",
      config: { ...config, sources: sourcesOf(given) },
      overrides: isWanted() ? { ...overrides, instrumentation: memberSpans } : overrides,
      variables,
      shares: shares && isOwn && given.includeInteractiveBrowserCredential !== true,
      translate: defaultChainError,
    });
  }
}

/** A new {@link DefaultAzureCredential} without options. */
export function getDefaultAzureCredential(): DefaultAzureCredential {
  return new DefaultAzureCredential();
}

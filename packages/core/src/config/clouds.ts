import type { Cloud } from "../contract/context.ts";
import {
  AzureAuthorityHosts,
  defaultTokenExchangeAudience,
  type KnownCloud,
  knownCloudOf,
  knownClouds,
} from "../entra/clouds.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";
import { unquoted } from "../util/text.ts";

/** What a config says about its cloud. */
type ChosenCloud = Pick<KnownCloud, "tokenExchangeAudience"> & { readonly authorityHost: string };

/** The names that `cloud` accepts. */
export const cloudNames = knownClouds.flatMap(({ name = [] }) => name);

function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost\.?|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(
    hostname,
  );
}

/** A host without a scheme, such as `login.microsoftonline.us`. */
const bareHost = /^[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d+)?(?:\/|$)/i;

/** Whether a path is the tenant alone, with or without a slash behind it. */
const isTenantPath = (path: string, tenantId: string | undefined) =>
  tenantId !== undefined && path.replace(/^\/|\/$/g, "").toLowerCase() === tenantId.toLowerCase();

/**
 * Checks an authority host and returns it as `https://host[:port]`. A host without a scheme is
 * https, and a path that is the own tenant is left out. Messages quote it without user name and
 * password.
 *
 * @param tenantId the own tenant
 * @throws {ConfigurationError} `invalid-authority`, `unsupported-authority`
 */
export function parseAuthorityHost(given: string, origin: string, tenantId?: string): string {
  const trimmed = unquoted(given);
  const text = bareHost.test(trimmed) ? `https://${trimmed}` : trimmed;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const example = `Write it like ${AzureAuthorityHosts.AzurePublicCloud}.`;
  const wrong = (problem: string, remedy = example) =>
    new ConfigurationError("invalid-authority", `The authority host in ${origin} ${problem}.`, { remedy });
  if (url === undefined || text.includes("\\")) throw wrong("is not a URL");
  if (url.protocol !== "https:") throw wrong(`must be https, not ${url.protocol}//${url.host}`);
  if (url.username !== "" || url.password !== "") throw wrong("contains a user name or password");
  if (/\.b2clogin\.com$/i.test(url.hostname)) {
    throw new ConfigurationError("unsupported-authority", `Azure AD B2C (${url.hostname}) is not supported.`, {
      remedy: "Use an Entra ID tenant; B2C user flows need a browser library such as MSAL Browser.",
    });
  }
  const hasPath = url.pathname !== "/" && !isTenantPath(url.pathname, tenantId);
  if (hasPath || url.search !== "" || url.hash !== "") {
    const remedy = `${example} The tenant goes into \`tenantId\` or AZURE_TENANT_ID.`;
    throw wrong(`has a path: ${url.host}${url.pathname}`, remedy);
  }
  return url.origin;
}

/** A cloud without a name in `cloud`: sovereign, private, or on this machine. */
export interface CustomCloud {
  /** `https://` host of its authority. */
  readonly authorityHost: string;
  /**
   * Audience of federated credentials. Default: `api://AzureADTokenExchange`, that of the public
   * cloud.
   */
  readonly tokenExchangeAudience?: string;
}

export interface CloudSettings {
  readonly cloud?: string | CustomCloud;
  readonly authorityHost?: string;
  readonly disableInstanceDiscovery?: boolean;
  readonly mode?: string;
  readonly tenantId?: string | null;
}

/** What the setting `cloud` says; `undefined`: nothing. */
function cloudOf(given: string | CustomCloud | undefined, tenantId: string | undefined): ChosenCloud | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "object") {
    return { ...given, authorityHost: parseAuthorityHost(given.authorityHost, "`cloud.authorityHost`", tenantId) };
  }
  const found = knownClouds.find(({ name }) => name === given);
  if (found !== undefined) return { ...found, authorityHost: `https://${found.hosts[0]}` };
  throw new ConfigurationError("unknown-cloud", `There is no cloud "${given}".`, {
    path: "cloud",
    remedy: didYouMean(given, cloudNames),
  });
}

function chosenHost(
  { authorityHost }: CloudSettings,
  chosen: ChosenCloud | undefined,
  fromEnv: string | undefined,
  tenantId: string | undefined,
) {
  if (authorityHost !== undefined) return parseAuthorityHost(authorityHost, "`authorityHost`", tenantId);
  if (chosen !== undefined) return chosen.authorityHost;
  return fromEnv === undefined
    ? AzureAuthorityHosts.AzurePublicCloud
    : parseAuthorityHost(fromEnv, "AZURE_AUTHORITY_HOST", tenantId);
}

/**
 * The cloud to sign in to: `authorityHost`, else `cloud`, else AZURE_AUTHORITY_HOST, else the
 * public cloud.
 *
 * @throws {ConfigurationError} `unknown-cloud`, `invalid-authority`, `unsupported-authority`,
 * `loopback-authority`
 */
export function resolveCloud(settings: CloudSettings, env: Readonly<Record<string, string | undefined>>): Cloud {
  const tenantId = settings.tenantId ?? env.AZURE_TENANT_ID;
  const chosen = cloudOf(settings.cloud, tenantId);
  const authorityHost = chosenHost(settings, chosen, env.AZURE_AUTHORITY_HOST, tenantId);
  const known = knownCloudOf(authorityHost);
  const loopback = known === undefined && isLoopback(new URL(authorityHost).hostname);
  if (loopback && settings.mode === "production") {
    throw new ConfigurationError(
      "loopback-authority",
      `The authority ${authorityHost} is on this machine, which mode "production" refuses.`,
      {
        remedy: "Remove `authorityHost` and AZURE_AUTHORITY_HOST, or set another mode.",
      },
    );
  }
  return Object.freeze({
    authorityHost,
    // Entra's discovery service does not list this machine, and a request to it would leave the
    // machine
    instanceDiscovery: settings.disableInstanceDiscovery !== true && known === undefined && !loopback,
    tokenExchangeAudience: (chosen ?? known)?.tokenExchangeAudience ?? defaultTokenExchangeAudience,
  });
}

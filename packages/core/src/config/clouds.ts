import type { Cloud } from "../contract/context.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";

/** The authority hosts of the clouds that Microsoft runs. Names and values of the Azure SDKs. */
export const AzureAuthorityHosts = {
  AzurePublicCloud: "https://login.microsoftonline.com",
  AzureGovernment: "https://login.microsoftonline.us",
  AzureChina: "https://login.chinacloudapi.cn",
  /** Closed in October 2021. */
  AzureGermany: "https://login.microsoftonline.de",
} as const;

/**
 * Clouds by the name that `cloud` accepts. Audiences:
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
const clouds: Readonly<Record<string, Omit<Cloud, "instanceDiscovery">>> = {
  public: { authorityHost: AzureAuthorityHosts.AzurePublicCloud, tokenExchangeAudience: "api://AzureADTokenExchange" },
  government: {
    authorityHost: AzureAuthorityHosts.AzureGovernment,
    tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
  },
  china: { authorityHost: AzureAuthorityHosts.AzureChina, tokenExchangeAudience: "api://AzureADTokenExchangeChina" },
};
export const cloudNames = Object.keys(clouds);

function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost\.?|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(
    hostname,
  );
}

const wrong = (message: string, remedy: string) => new ConfigurationError("invalid-authority", message, { remedy });

/**
 * Checks an authority host and returns it as `https://host[:port]`. Messages quote it without user
 * name and password.
 *
 * @throws {ConfigurationError} `invalid-authority`, `unsupported-authority`
 */
export function parseAuthorityHost(text: string, origin: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const example = `Write it like ${AzureAuthorityHosts.AzurePublicCloud}.`;
  if (url === undefined || text.includes("\\")) throw wrong(`The authority host in ${origin} is not a URL.`, example);
  if (url.protocol !== "https:")
    throw wrong(`The authority host in ${origin} must be https, not ${url.protocol}//${url.host}.`, example);
  if (url.username !== "" || url.password !== "")
    throw wrong(`The authority host in ${origin} contains a user name or password.`, example);
  if (/\.b2clogin\.com$/i.test(url.hostname)) {
    throw new ConfigurationError("unsupported-authority", `Azure AD B2C (${url.hostname}) is not supported.`, {
      remedy: "Use an Entra ID tenant; B2C user flows need a browser library such as MSAL Browser.",
    });
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw wrong(
      `The authority host in ${origin} has a path: ${url.host}${url.pathname}.`,
      `${example} The tenant goes into \`tenantId\`.`,
    );
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
}

function namedCloud(name: string | undefined): Omit<Cloud, "instanceDiscovery"> | undefined {
  if (name === undefined || Object.hasOwn(clouds, name)) return clouds[name ?? ""];
  throw new ConfigurationError("unknown-cloud", `There is no cloud "${name}".`, {
    path: "cloud",
    remedy: didYouMean(name, cloudNames),
  });
}

function customCloud({ authorityHost, tokenExchangeAudience }: CustomCloud): Omit<Cloud, "instanceDiscovery"> {
  const host = parseAuthorityHost(authorityHost, "`cloud.authorityHost`");
  return { authorityHost: host, tokenExchangeAudience: tokenExchangeAudience ?? "api://AzureADTokenExchange" };
}

/**
 * The cloud to sign in to: `authorityHost`, else `cloud`, else AZURE_AUTHORITY_HOST, else the
 * public cloud.
 *
 * @throws {ConfigurationError} `unknown-cloud`, `invalid-authority`, `unsupported-authority`,
 * `loopback-authority`
 */
export function resolveCloud(settings: CloudSettings, env: Readonly<Record<string, string | undefined>>): Cloud {
  const named = typeof settings.cloud === "object" ? customCloud(settings.cloud) : namedCloud(settings.cloud);
  const fromEnv = named === undefined ? env.AZURE_AUTHORITY_HOST : undefined;
  const authorityHost =
    settings.authorityHost !== undefined
      ? parseAuthorityHost(settings.authorityHost, "`authorityHost`")
      : fromEnv !== undefined
        ? parseAuthorityHost(fromEnv, "AZURE_AUTHORITY_HOST")
        : (named ?? clouds.public)?.authorityHost;
  if (authorityHost === undefined) throw new TypeError("unreachable: the public cloud is in the table");
  const loopback = isLoopback(new URL(authorityHost).hostname);
  if (loopback && settings.mode === "production") {
    throw new ConfigurationError(
      "loopback-authority",
      `The authority ${authorityHost} is on this machine, which mode "production" refuses.`,
      {
        remedy: "Remove `authorityHost` and AZURE_AUTHORITY_HOST, or set another mode.",
      },
    );
  }
  const known = Object.values(clouds).find((one) => one.authorityHost === authorityHost);
  return Object.freeze({
    authorityHost,
    // Entra's discovery service does not list this machine, and a request to it would leave the
    // machine
    instanceDiscovery: settings.disableInstanceDiscovery !== true && known === undefined && !loopback,
    tokenExchangeAudience: (named ?? known ?? clouds.public)?.tokenExchangeAudience ?? "api://AzureADTokenExchange",
  });
}

import { withinTime } from "../async/time-limit.ts";
import type { SourceContext } from "../contract/context.ts";
import type { TokenRequest } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { parseJsonObject } from "../util/json.ts";
import { knownCloudOf } from "./clouds.ts";

/**
 * Values of AZURE_REGIONAL_AUTHORITY_NAME that mean this machine's region: the Azure SDKs' and
 * MSAL's.
 */
const autoDiscover = /^(?:AutoDiscoverRegion|TryAutoDetect)$/i;
/** A region becomes a label of a host name. RFC 1035 section 2.3.4. */
const hostLabel = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** IPv4, or IPv6 in brackets: hosts without labels. */
const address = /^(?:[\d.]+|\[.*\])$/;
/** Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service */
const metadataUrl = "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01";
const metadataTimeoutMs = 2_000;

type Abortable = Pick<TokenRequest, "signal">;

/** The region that the instance metadata service reports; `undefined` if it does not answer. */
async function readMachineRegion({ http, clock }: SourceContext, { signal }: Abortable): Promise<unknown> {
  const late = () => outcomeError("timeout", "The metadata service does not answer.");
  const request = { method: "GET", url: metadataUrl, headers: { Metadata: "true" }, proxy: "never" } as const;
  try {
    const { body } = await withinTime({ clock, ms: metadataTimeoutMs, late }, signal, (within) =>
      http.send(request, within),
    );
    return parseJsonObject(body)?.location;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Finds the region whose endpoint applications use, from AZURE_REGIONAL_AUTHORITY_NAME;
 * `undefined`: use the global endpoint. The result, `undefined` included, is kept as long as the
 * credential. Returns no function where the variable is not set.
 *
 * @throws {Error} by the returned function: the reason of the signal; nothing else rejects
 */
export function createRegion(
  context: SourceContext,
): ((request: Abortable) => Promise<string | undefined>) | undefined {
  const { AZURE_REGIONAL_AUTHORITY_NAME: configured, REGION_NAME: hostRegion } = context.env;
  if (configured === undefined) return undefined;
  let found: { readonly region: string | undefined } | undefined;
  const unused = (why: string) => void context.log.warn(`AZURE_REGIONAL_AUTHORITY_NAME is not used: ${why}.`);
  const find = async (request: Abortable): Promise<string | undefined> => {
    if (address.test(new URL(context.cloud.authorityHost).hostname))
      return unused("the authority is an address, without regions");
    const named = autoDiscover.test(configured)
      ? (hostRegion ?? (await readMachineRegion(context, request)))
      : configured;
    const region = typeof named === "string" ? named.replaceAll(" ", "").toLowerCase() : "";
    return hostLabel.test(region) ? region : unused("it leads to no region");
  };
  return async (request) => {
    found ??= { region: await find(request) };
    return found.region;
  };
}

/**
 * A misspelled region is an unknown host, so the error of the connection alone does not mention
 * regions.
 */
export function adviseOnRegion(error: unknown, region: string): unknown {
  if (!isIdentityError(error) || error.outcome !== "unreachable") return error;
  return outcomeError("unreachable", `The region "${region}" does not answer: ${error.message}`, {
    remedy: "Correct AZURE_REGIONAL_AUTHORITY_NAME, such as westeurope, or unset it to use Entra's global endpoint.",
    cause: error,
  });
}

/**
 * The origin of an authority's regional endpoint. Those of the public cloud are at a host of their
 * own. Source: MSAL, which all Azure SDKs follow.
 */
export function regionalAuthority(authorityHost: string, region: string): string {
  const { host } = new URL(authorityHost);
  return `https://${region}.${knownCloudOf(authorityHost)?.name === "public" ? "login.microsoft.com" : host}`;
}

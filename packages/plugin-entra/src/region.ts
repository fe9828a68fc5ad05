import {
  isIdentityError,
  outcomeError,
  parseJsonObject,
  type SourceContext,
  type TokenRequest,
  withinTime,
} from "@azidentity/core/plugin";

/** Values of AZURE_REGIONAL_AUTHORITY_NAME that mean the region of this machine: the Azure SDKs' word, and MSAL's. */
const own = /^(?:AutoDiscoverRegion|TryAutoDetect)$/i;
/** A region becomes a label of a host name. RFC 1035 section 2.3.4. */
const label = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service */
const machine = "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01";
const machineMs = 2_000;
/** Entra's hosts of the public cloud, whose regions have hosts under another name. */
const publicHosts = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];

type Wait = Pick<TokenRequest, "signal">;

/** Where the metadata service says that this machine stands; `undefined` where there is none. */
async function askMachine({ http, clock }: SourceContext, { signal }: Wait): Promise<unknown> {
  const late = () => outcomeError("timeout", "The metadata service does not answer.");
  const request = { method: "GET", url: machine, headers: { Metadata: "true" }, proxy: "never" } as const;
  try {
    const { body } = await withinTime({ clock, ms: machineMs, late }, signal, (within) => http.send(request, within));
    return parseJsonObject(body)?.location;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Finds the region whose part of Entra applications are to ask, as AZURE_REGIONAL_AUTHORITY_NAME says; `undefined`: ask all of it. What was
 * found stands for as long as the credential, that there is none too.
 */
export function createRegion(context: SourceContext): (wait: Wait) => Promise<string | undefined> {
  const { AZURE_REGIONAL_AUTHORITY_NAME: wanted, REGION_NAME: here } = context.env;
  let found: { readonly region: string | undefined } | undefined;
  const find = async (wanted: string, wait: Wait) => {
    const said = own.test(wanted) ? (here ?? (await askMachine(context, wait))) : wanted;
    const region = typeof said === "string" ? said.replaceAll(" ", "").toLowerCase() : "";
    if (label.test(region)) return { region };
    context.log.warn("AZURE_REGIONAL_AUTHORITY_NAME leads to no region; Entra's global endpoint is asked.");
    return { region: undefined };
  };
  return async (wait) => {
    if (wanted === undefined) return undefined;
    found ??= await find(wanted, wait);
    return found.region;
  };
}

/** A region that is misspelled is a host that nobody knows, and the error of that says nothing of regions. */
export function adviseOnRegion(error: unknown, region: string): unknown {
  if (!isIdentityError(error) || error.outcome !== "unreachable") return error;
  return outcomeError("unreachable", `The region "${region}" does not answer: ${error.message}`, {
    remedy: "Correct AZURE_REGIONAL_AUTHORITY_NAME, such as westeurope, or unset it to ask all of Entra.",
    cause: error,
  });
}

/** The host of an authority's part in a region. */
export function regionalHost(authorityHost: string, region: string): string {
  const { host } = new URL(authorityHost);
  return `https://${region}.${publicHosts.includes(host) ? "login.microsoft.com" : host}`;
}

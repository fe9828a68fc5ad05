import { outcomeError, requireWellFormed, type SourceContext } from "@azidentity/core/plugin";
import { type Endpoint, type EndpointSetting, malformed, readEndpoint } from "../endpoint/endpoint.ts";

type Env = SourceContext["env"];

export const endpointVariable = "AZD_AUTH_ENDPOINT";
export const keyVariable = "AZD_AUTH_KEY";
const certificateVariable = "AZD_AUTH_CERT";

/** PEM of the certificate that the variable holds: DER in base64. */
function certificateOf(setting: EndpointSetting, certificate: string): string {
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  try {
    return new X509Certificate(Buffer.from(certificate, "base64")).toString();
  } catch {
    const remedy = "Start this program again from the one that set it.";
    throw malformed({ ...setting, setting: certificateVariable }, "is not a certificate (DER in base64)", remedy);
  }
}

/**
 * Over https the server is known by its certificate, which takes the place of all authorities, as
 * in azd.
 */
function withCertificate(setting: EndpointSetting, endpoint: Endpoint, certificate: string | undefined): Endpoint {
  if (certificate === undefined) return endpoint;
  if (!endpoint.url.startsWith("https:")) {
    const remedy = `Unset ${certificateVariable}, or use an https endpoint.`;
    throw malformed(setting, `is not an https URL, and ${certificateVariable} is set`, remedy);
  }
  const tls = { ca: certificateOf(setting, certificate) };
  return { ...endpoint, route: { ...endpoint.route, tls, proxy: "never" } };
}

/** The variable that is missing; `undefined`: both are set. */
export function missingVariable(env: Env): string | undefined {
  return [endpointVariable, keyVariable].find((name) => env[name] === undefined);
}

/**
 * Where the program is that started this one, and the key for it.
 *
 * @throws {IdentityError} `not-configured`, `malformed-endpoint`, `malformed-variable`
 */
export function readSettings(env: Env): { readonly endpoint: Endpoint; readonly key: string } {
  const missing = missingVariable(env);
  if (missing !== undefined) {
    const remedy = "A program that starts others sets it, such as an editor.";
    throw outcomeError("not-configured", `azd-host: ${missing} is not set.`, { remedy });
  }
  requireWellFormed("azd-host", env, [endpointVariable, keyVariable, certificateVariable]);
  const setting = { source: "azd-host", setting: endpointVariable, text: env[endpointVariable] ?? "" };
  const endpoint = withCertificate(setting, readEndpoint(setting), env[certificateVariable]);
  return { endpoint, key: env[keyVariable] ?? "" };
}

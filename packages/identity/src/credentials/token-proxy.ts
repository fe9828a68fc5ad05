import { CredentialUnavailableError } from "../errors/errors.ts";
import type { Variables } from "../shared/environment.ts";

const unavailable = (message: string) =>
  new CredentialUnavailableError(`WorkloadIdentityCredential: is unavailable. ${message}`);

function checkProxyUrl(text: string): void {
  if (!URL.canParse(text))
    throw unavailable(`Failed to parse the custom token proxy URL in AZURE_KUBERNETES_TOKEN_PROXY.`);
  const { protocol, username, password, search, hash } = new URL(text);
  if (protocol !== "https:") throw unavailable(`The custom token endpoint must use the https scheme, not ${protocol}`);
  if (username || password) throw unavailable("The custom token endpoint URL must not contain user info.");
  if (search) throw unavailable("The custom token endpoint URL must not contain a query.");
  if (hash) throw unavailable("The custom token endpoint URL must not contain a fragment.");
}

function checkCertificates(pem: string): void {
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  try {
    new X509Certificate(pem);
  } catch {
    throw unavailable("There are no valid PEM certificates in the CA of the token proxy.");
  }
}

/**
 * Throws for variables of a token proxy of AKS that cannot work together. A CA file is read when a
 * token is requested, because the cluster may be replacing it now.
 *
 * Source: https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export function checkTokenProxy(variables: Variables): void {
  const {
    AZURE_KUBERNETES_TOKEN_PROXY: proxy,
    AZURE_KUBERNETES_SNI_NAME: serverName,
    AZURE_KUBERNETES_CA_FILE: caFile,
    AZURE_KUBERNETES_CA_DATA: caData,
  } = variables;
  if (!proxy) {
    if (!serverName && !caFile && !caData) return;
    throw unavailable(
      "AZURE_KUBERNETES_TOKEN_PROXY is not set, but other variables of the proxy are. Set it, or unset them.",
    );
  }
  checkProxyUrl(proxy);
  if (caFile && caData)
    throw unavailable(
      "AZURE_KUBERNETES_CA_FILE and AZURE_KUBERNETES_CA_DATA are mutually exclusive. Unset one of them.",
    );
  if (caData) checkCertificates(caData);
}

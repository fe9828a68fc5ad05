import { logger } from "../logging/logger.ts";
import { type Variables, without } from "../shared/environment.ts";

/** What proves a principal, in the order of the Azure SDKs, and the class for it. */
const proofs = [
  { names: ["AZURE_CLIENT_SECRET"], className: "ClientSecretCredential" },
  {
    names: ["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
    className: "ClientCertificateCredential",
  },
  { names: ["AZURE_USERNAME", "AZURE_PASSWORD"], className: "UsernamePasswordCredential" },
] as const;
/** A certificate needs no password. */
const optional = "AZURE_CLIENT_CERTIFICATE_PASSWORD";

/**
 * The variables without what does not make a whole principal. The Azure SDKs ignore an empty
 * variable, and a secret without its tenant; core reads them as a mistake and stops.
 */
export function completePrincipal(variables: Variables): Variables {
  const empty = Object.keys(variables).filter((name) => name.startsWith("AZURE_") && variables[name]?.trim() === "");
  if (empty.includes("AZURE_CLIENT_SECRET"))
    logger.warning("AZURE_CLIENT_SECRET is empty, so it is not used. A secret may not have been injected.");
  const filled = without(variables, ...empty);
  const hasIds = Boolean(filled.AZURE_TENANT_ID && filled.AZURE_CLIENT_ID);
  const isWhole = (names: readonly string[]) => hasIds && names.every((name) => filled[name] || name === optional);
  const incomplete = proofs.flatMap(({ names }) => (isWhole(names) ? [] : names));
  return without(filled, ...incomplete);
}

/**
 * The class for the principal that variables name; `undefined`: they name no whole one.
 *
 * @param variables those that `completePrincipal` returned
 */
export const classOfPrincipal = (variables: Variables): string | undefined =>
  proofs.find(({ names: [first] }) => variables[first])?.className;

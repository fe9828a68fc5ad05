import { logger } from "../logging/logger.ts";
import { type Variables, without } from "../shared/environment.ts";

/** What proves a principal, in the order of the Azure SDKs. */
const proofs = [
  ["AZURE_CLIENT_SECRET"],
  ["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
  ["AZURE_USERNAME", "AZURE_PASSWORD"],
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
  const incomplete = proofs.filter((names) => !isWhole(names)).flat();
  return without(filled, ...incomplete);
}

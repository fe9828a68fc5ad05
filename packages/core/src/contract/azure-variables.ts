/** How a set of `AZURE_*` variables is read as a whole. One variable alone, such as AZURE_CLIENT_ID, means different things in different company. */
export interface AzureVariables {
  /**
   * `service-principal`, `workload-identity`: complete. `managed-identity`: AZURE_CLIENT_ID alone names a user-assigned identity.
   * `incomplete`: somebody began to configure a service principal or a workload identity. `none`: nothing that names an identity.
   */
  readonly reading: "service-principal" | "workload-identity" | "managed-identity" | "incomplete" | "none";
  /** What proves the service principal; in the order of the Azure SDKs: secret, certificate, user and password. */
  readonly proof: "secret" | "certificate" | "password" | "token-file" | undefined;
  /** Names of the variables that are missing. */
  readonly missing: readonly string[];
  /** One sentence for the walk. Names, never values. */
  readonly explanation: string;
}

type Env = Readonly<Record<string, string | undefined>>;
type Proof = NonNullable<AzureVariables["proof"]>;

/** What somebody who set one of these meant to do. */
function proofOf(
  env: Env,
): { readonly proof: Proof; readonly set: string; readonly needs: readonly string[] } | undefined {
  const ids = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"];
  if (env.AZURE_CLIENT_SECRET !== undefined) return { proof: "secret", set: "AZURE_CLIENT_SECRET", needs: ids };
  if (env.AZURE_CLIENT_CERTIFICATE_PATH !== undefined) {
    return { proof: "certificate", set: "AZURE_CLIENT_CERTIFICATE_PATH", needs: ids };
  }
  // generic names, so only all of them together say that a user is meant to sign in here
  if (env.AZURE_USERNAME !== undefined && env.AZURE_PASSWORD !== undefined && env.AZURE_CLIENT_ID !== undefined) {
    return { proof: "password", set: "AZURE_PASSWORD", needs: [...ids, "AZURE_USERNAME"] };
  }
  if (env.AZURE_FEDERATED_TOKEN_FILE !== undefined) {
    return { proof: "token-file", set: "AZURE_FEDERATED_TOKEN_FILE", needs: ids };
  }
  return undefined;
}

/** Reads the whole set. Empty variables have to be absent already, as they are in `SourceContext.env`. */
export function readAzureVariables(env: Env): AzureVariables {
  const meant = proofOf(env);
  if (meant === undefined) {
    if (env.AZURE_CLIENT_ID === undefined) {
      return { reading: "none", proof: undefined, missing: [], explanation: "No AZURE_* variable names an identity." };
    }
    const explanation = "AZURE_CLIENT_ID stands alone, so it names a user-assigned managed identity.";
    return { reading: "managed-identity", proof: undefined, missing: [], explanation };
  }
  const missing = meant.needs.filter((name) => env[name] === undefined);
  const reading = meant.proof === "token-file" ? "workload-identity" : "service-principal";
  if (missing.length > 0) {
    const explanation = `${meant.set} is set, but not ${missing.join(" and ")}.`;
    return { reading: "incomplete", proof: meant.proof, missing, explanation };
  }
  const names = [...meant.needs, meant.set].join(", ");
  return {
    reading,
    proof: meant.proof,
    missing,
    explanation: `${names} are set: ${reading.replace("-", " ")} by ${meant.proof}.`,
  };
}

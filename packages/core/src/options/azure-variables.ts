import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { findMisspelling, type Misspelling } from "../util/suggest.ts";

/**
 * How the `AZURE_*` variables are read as a whole: the meaning of one, such as AZURE_CLIENT_ID,
 * depends on the others.
 */
export interface AzureVariables {
  /**
   * `service-principal`, `workload-identity`: complete. `managed-identity`: AZURE_CLIENT_ID alone
   * names a user-assigned identity. `incomplete`: a service principal or a workload identity that
   * lacks variables. `none`: no identity.
   */
  readonly reading: "service-principal" | "workload-identity" | "managed-identity" | "incomplete" | "none";
  /**
   * The credential of the service principal, in the order of the Azure SDKs: secret, certificate,
   * user and password.
   */
  readonly proof: "secret" | "certificate" | "password" | "token-file" | undefined;
  /** Names of the variables that are missing. */
  readonly missing: readonly string[];
  /**
   * Names of the variables that are empty or blank although the others of the principal have
   * values.
   */
  readonly empty: readonly string[];
  /** A variable whose name resembles that of one that is missing. */
  readonly misspelling?: Misspelling | undefined;
  /** For the walk, with names and without values. */
  readonly explanation: string;
}

type Env = Readonly<Record<string, string | undefined>>;
type Proof = NonNullable<AzureVariables["proof"]>;

const ids = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"];

/**
 * Variables that complete others: of a service principal, a user, a pod, a host, a job of a build
 * service; by name, with those beside it. One that is empty while those beside it have values is a
 * secret that was not injected; one that is empty alone counts as absent.
 */
const completing: Readonly<Record<string, readonly string[]>> = {
  AZURE_CLIENT_SECRET: ["AZURE_CLIENT_ID"],
  AZURE_CLIENT_CERTIFICATE_PATH: ["AZURE_CLIENT_ID"],
  AZURE_PASSWORD: ["AZURE_CLIENT_ID", "AZURE_USERNAME"],
  AZURE_USERNAME: ["AZURE_CLIENT_ID", "AZURE_PASSWORD"],
  AZURE_CLIENT_ID: ["AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_TENANT_ID"],
  AZURE_FEDERATED_TOKEN_FILE: ["AZURE_CLIENT_ID"],
  IDENTITY_ENDPOINT: ["IDENTITY_HEADER"],
  IDENTITY_HEADER: ["IDENTITY_ENDPOINT"],
  IDENTITY_SERVER_THUMBPRINT: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"],
  MSI_ENDPOINT: ["MSI_SECRET"],
  MSI_SECRET: ["MSI_ENDPOINT"],
  SYSTEM_ACCESSTOKEN: ["SYSTEM_OIDCREQUESTURI"],
  AZURESUBSCRIPTION_CLIENT_ID: ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
  AZURESUBSCRIPTION_TENANT_ID: ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: ["AZURESUBSCRIPTION_CLIENT_ID"],
  ACTIONS_ID_TOKEN_REQUEST_URL: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: ["ACTIONS_ID_TOKEN_REQUEST_URL"],
};

const isFilled = (value: string | undefined) => value !== undefined && value.trim() !== "";

/** Names of completing variables that are empty or blank while those beside them have values. */
export function emptyCompletingVariables(env: Env): string[] {
  const empty = emptyOf(env, Object.keys(completing));
  return empty.filter((name) => completing[name]?.every((one) => isFilled(env[one])));
}

/**
 * Those of `names` that are empty or blank. In `SourceContext.env` these are completing variables
 * without a value.
 */
export function emptyOf(env: Env, names: readonly string[]): string[] {
  return names.filter((name) => env[name] !== undefined && !isFilled(env[name]));
}

/**
 * The error of a source some of whose variables are set but empty: outcome `misconfigured`, code
 * `empty-variable`.
 */
export function emptyVariables(source: string, names: readonly string[]): IdentityError {
  const [are, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  const list = names.join(" and ");
  return outcomeError("misconfigured", `${source}: ${list} ${are} set, but empty.`, {
    code: "empty-variable",
    remedy: `Give ${list} a value (a secret may not have been injected), or unset ${them}.`,
  });
}

interface ProofVariables {
  readonly proof: Proof;
  readonly set: string;
  readonly needs: readonly string[];
}

/**
 * The credentials of a principal in the order of the Azure SDKs, with the other variables that each
 * needs.
 */
const proofs: readonly ProofVariables[] = [
  { proof: "secret", set: "AZURE_CLIENT_SECRET", needs: ids },
  { proof: "certificate", set: "AZURE_CLIENT_CERTIFICATE_PATH", needs: ids },
  { proof: "password", set: "AZURE_PASSWORD", needs: [...ids, "AZURE_USERNAME"] },
  { proof: "token-file", set: "AZURE_FEDERATED_TOKEN_FILE", needs: ids },
];

/** The variables of an application, in the order in which people set them. */
const applicationVariables = [...ids, ...proofs.filter(({ proof }) => proof !== "password").map(({ set }) => set)];

/** Looked for where no principal is complete. */
function misspellingOf(env: Env): Misspelling | undefined {
  const unset = applicationVariables.filter((name) => !isFilled(env[name]));
  return findMisspelling(env, unset, [...applicationVariables, "AZURE_CLIENT_CERTIFICATE_PASSWORD"]);
}

/** Generic names, so only all of them together mean that a user signs in. */
const userNames = ["AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_CLIENT_ID"];

/** The first proof that has a value. */
function proofOf(env: Env): ProofVariables | undefined {
  return proofs.find(({ proof, set }) =>
    proof === "password" ? userNames.every((name) => isFilled(env[name])) : isFilled(env[set]),
  );
}

/** The proof of which one variable is empty although all others have values. */
function emptyProofOf(env: Env): { readonly proof: Proof; readonly empty: string } | undefined {
  for (const { proof, set, needs } of proofs) {
    const completed = proof === "password" ? [...userNames] : [set];
    const [empty, ...others] = emptyOf(env, completed);
    const rest = [set, ...needs].filter((name) => name !== empty);
    if (empty !== undefined && others.length === 0 && rest.every((name) => isFilled(env[name])))
      return { proof, empty };
  }
  return undefined;
}

/**
 * Reads all variables. Empty ones have to be absent, except those that complete others, as in
 * `SourceContext.env`.
 */
export function readAzureVariables(env: Env): AzureVariables {
  const found = proofOf(env);
  if (found === undefined) return readWithoutProof(env);
  const missing = found.needs.filter((name) => !isFilled(env[name]));
  const reading = found.proof === "token-file" ? "workload-identity" : "service-principal";
  if (missing.length > 0) {
    const explanation = `${found.set} is set, but not ${missing.join(" and ")}.`;
    const misspelling = misspellingOf(env);
    return { reading: "incomplete", proof: found.proof, missing, empty: [], explanation, misspelling };
  }
  const names = [...found.needs, found.set].join(", ");
  const explanation = `${names} are set: ${reading.replace("-", " ")} by ${found.proof}.`;
  return { reading, proof: found.proof, missing, empty: [], explanation };
}

function readWithoutProof(env: Env): AzureVariables {
  const none = { proof: undefined, missing: [], empty: [] } as const;
  const emptied = emptyProofOf(env);
  if (emptied !== undefined) {
    const { proof, empty } = emptied;
    return { reading: "incomplete", proof, missing: [], empty: [empty], explanation: `${empty} is set, but empty.` };
  }
  const misspelling = misspellingOf(env);
  if (!isFilled(env.AZURE_CLIENT_ID)) {
    return { ...none, reading: "none", explanation: "No AZURE_* variable names an identity.", misspelling };
  }
  const explanation = isFilled(env.AZURE_TENANT_ID)
    ? "AZURE_CLIENT_ID and AZURE_TENANT_ID are set, but no secret, certificate or token file."
    : "Only AZURE_CLIENT_ID is set, so it names a user-assigned managed identity.";
  return { ...none, reading: "managed-identity", explanation, misspelling };
}

/**
 * A copy of the environment without empty variables. One that completes others that have values is
 * kept as an empty text: its value is missing, and the sources that read it fail.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const filled = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  const empty = emptyCompletingVariables(env).map((name) => [name, ""]);
  return Object.freeze(Object.fromEntries([...filled, ...empty]));
}

/** Names of credentials that AZURE_TOKEN_CREDENTIALS may have besides `dev` and `prod`. */
const names = [
  "EnvironmentCredential",
  "WorkloadIdentityCredential",
  "ManagedIdentityCredential",
  "VisualStudioCodeCredential",
  "AzureCliCredential",
  "AzurePowerShellCredential",
  "AzureDeveloperCliCredential",
];

/**
 * Throws if AZURE_TOKEN_CREDENTIALS has another value than `dev`, `prod`, or names of credentials
 * with commas between them, in any case. Empty means not set.
 */
export function checkTokenCredentials(value: string | undefined): void {
  const text = value?.trim().toLowerCase() ?? "";
  if (text === "" || text === "dev" || text === "prod") return;
  const known = names.map((name) => name.toLowerCase());
  if (text.split(",").every((name) => known.includes(name.trim()))) return;
  throw new Error(
    `Invalid value for AZURE_TOKEN_CREDENTIALS = ${value}. Valid values are 'prod' or 'dev' or any of these credentials - ${names.join(", ")}.`,
  );
}

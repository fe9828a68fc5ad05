/**
 * The libraries, and what each does with its credentials: what the test runs, and what the table in
 * docs/migrating.md says.
 */
import type { Situation } from "./situations.ts";

export interface Library {
  /** Its name in package.json. */
  readonly package: string;
  /** A file of `programs/`, and the variables that it reads besides those of its situation. */
  readonly program: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly situation: Situation;
  /** What the program does, and with which credentials. */
  readonly does: string;
  /** What is counted: requests for a token to Entra or the host, or processes of az. */
  readonly counted: "requests" | "processes";
  /** The count with `@azure/identity`. A minimum where it depends on the speed of the machine. */
  readonly before: number;
  readonly beforeIsMinimum?: true;
  /** The count with the drop-in; absent while the drop-in does not run the program. */
  readonly after?: number;
  /** The lines that the program prints, and how many tokens services receive. */
  readonly prints?: readonly string[];
  readonly used: number;
}

const requests = { counted: "requests", before: 2, after: 1, used: 2 } as const;

/** Programs of tedious: connections at once, then one after the other. */
function tedious(atOnce: number, inTurn: number, authentication: string) {
  const variables = { AT_ONCE: String(atOnce), IN_TURN: String(inTurn), AUTHENTICATION: authentication };
  return { package: "tedious", program: "tedious", variables, used: atOnce + inTurn } as const;
}

function kusto(credential: string, does: string) {
  const shared = { package: "azure-kusto-data", program: "kusto", variables: { CREDENTIAL: credential } } as const;
  return { ...shared, ...requests, does: `2 clients: ${does}`, prints: ['["Hello","Hello"]'] };
}

function backstage(credential: string, does: string) {
  const shared = { package: "@backstage/integration", program: "backstage" } as const;
  const prints = ["bearer 200", "bearer 200"];
  return { ...shared, ...requests, variables: { CREDENTIAL: credential }, does: `2 providers: ${does}`, prints };
}

const servicePrincipal = "`DefaultAzureCredential`, service principal";
const managedIdentity = "`DefaultAzureCredential`, managed identity";

export const libraries: readonly Library[] = [
  {
    ...tedious(20, 10, "secret"),
    ...{ situation: "nothing", does: "20 connections at once, 10 in turn: `ClientSecretCredential`" },
    ...{ counted: "requests", before: 30, after: 1 },
  },
  {
    ...tedious(20, 5, "default"),
    ...{ situation: "azure-cli", does: "20 connections at once, 5 in turn: `DefaultAzureCredential`, Azure CLI" },
    ...{ counted: "processes", before: 25, after: 1 },
  },
  {
    ...tedious(20, 10, "managed-identity"),
    ...{ situation: "managed-identity", does: "20 connections at once, 10 in turn: `ManagedIdentityCredential`" },
    ...{ counted: "requests", before: 2, beforeIsMinimum: true, after: 1 },
  },
  {
    package: "@azure/app-configuration-provider",
    ...{ program: "app-configuration", situation: "service-principal" },
    does: `settings, Key Vault references, and one whose credential is rejected: ${servicePrincipal}`,
    ...{ counted: "requests", before: 5, after: 3 },
    prints: ["Hello Hello", "Failed to load. Error message: Failed to resolve Key Vault reference"],
    used: 2,
  },
  { ...kusto("secret", "`ClientSecretCredential`"), situation: "nothing" },
  { ...kusto("certificate", "`ClientCertificateCredential`"), situation: "nothing" },
  { ...kusto("managed-identity", "`ManagedIdentityCredential`"), situation: "managed-identity", before: 1 },
  { ...kusto("azure-cli", "`AzureCliCredential`"), situation: "azure-cli", counted: "processes" },
  { ...kusto("password", "`UsernamePasswordCredential`"), situation: "nothing", after: 2 },
  { ...kusto("device-code", "`DeviceCodeCredential`"), situation: "nothing", after: 2 },
  { ...kusto("browser", "`InteractiveBrowserCredential`"), situation: "nothing", after: 2 },
  {
    package: "@rushstack/rush-azure-storage-build-cache-plugin",
    ...{ program: "rush", situation: "azure-cli" },
    does: "a chain with subclasses and a credential of its own: `AzureCliCredential`",
    ...{ counted: "processes", before: 1, after: 1, prints: ["200"], used: 1 },
  },
  {
    package: "@vscode/vsce",
    ...{ program: "vsce", situation: "service-principal" },
    does: "a chain: `EnvironmentCredential`",
    ...{ counted: "requests", before: 1, after: 1, used: 2 },
    prints: ["The Personal Access Token verification succeeded for the publisher 'contoso'."],
  },
  {
    package: "@vscode/vsce",
    ...{ program: "vsce", situation: "azure-cli" },
    does: "a chain: `AzureCliCredential`",
    ...{ counted: "processes", before: 1, after: 1, used: 2 },
    prints: ["The Personal Access Token verification succeeded for the publisher 'contoso'."],
  },
  { ...backstage("secret", "`ClientSecretCredential`"), situation: "nothing" },
  { ...backstage("certificate", "`ClientCertificateCredential`"), situation: "nothing" },
  {
    ...backstage("assertion", "`ClientAssertionCredential` of a managed identity"),
    ...{ situation: "managed-identity", before: 3, after: 3 },
  },
  { ...backstage("managed-identity", "`ManagedIdentityCredential`"), situation: "managed-identity", before: 1 },
  { ...backstage("default", servicePrincipal), situation: "service-principal" },
  {
    ...{ package: "openai", program: "openai", situation: "service-principal", ...requests },
    ...{ does: `2 clients, \`getBearerTokenProvider\`: ${servicePrincipal}`, prints: ["Hello", "Hello"] },
  },
  {
    ...{ package: "@langchain/openai", program: "langchain", situation: "service-principal", ...requests },
    ...{ does: `2 models, \`getBearerTokenProvider\`: ${servicePrincipal}`, prints: ["Hello", "Hello"] },
  },
  {
    ...{ package: "@redis/entraid", program: "redis", situation: "service-principal", ...requests },
    ...{ does: `2 connections: ${servicePrincipal}`, used: 0 },
  },
  {
    ...{ package: "@microsoft/microsoft-graph-client", program: "graph", situation: "nothing", ...requests },
    ...{ does: "2 clients: `ClientSecretCredential`", prints: ["Ann", "Ann"] },
  },
  {
    ...{ package: "@microsoft/kiota-authentication-azure", program: "kiota", situation: "nothing", ...requests },
    ...{ does: "2 clients, with CAE: `ClientSecretCredential`", prints: ["Ann", "Ann"] },
  },
  {
    ...{ package: "snowflake-sdk", program: "snowflake", situation: "managed-identity", ...requests },
    ...{ does: `2 connections: ${managedIdentity}`, before: 1, prints: ["true", "true"] },
  },
  {
    ...{ package: "applicationinsights", program: "application-insights", situation: "managed-identity", ...requests },
    ...{ does: "telemetry: `ManagedIdentityCredential`", before: 1, prints: ["sent"], used: 1 },
  },
  {
    ...{ package: "botframework-connector", program: "bot-framework", situation: "managed-identity", ...requests },
    ...{ does: `2 clients: ${managedIdentity}, user-assigned`, before: 1, prints: ["1", "1"] },
  },
  {
    ...{ package: "@azure/storage-blob", program: "storage", situation: "nothing", ...requests },
    ...{ does: "2 clients: `ClientSecretCredential`", prints: ["Hello", "Hello"], used: 0 },
  },
  {
    ...{ package: "@azure/keyvault-secrets", program: "key-vault", situation: "nothing", ...requests },
    ...{ does: "2 clients: `ClientSecretCredential`", prints: ["Hello", "Hello"], used: 0 },
  },
  {
    ...{ package: "unstorage", program: "unstorage", situation: "service-principal", ...requests },
    ...{ does: `3 drivers, 2 of Blob Storage and 1 of a key vault: ${servicePrincipal}`, before: 3, after: 2, used: 0 },
    prints: ["Hello", "Hello", "Hello", "greeting"],
  },
  {
    ...{ package: "@azure/service-bus", program: "service-bus", situation: "managed-identity", ...requests },
    ...{ does: `2 clients: ${managedIdentity}`, before: 1, used: 0 },
    prints: ["https://servicebus.azure.net/", '"Hello"', "https://servicebus.azure.net/", '"Hello"'],
  },
];

import { fileURLToPath } from "node:url";

/** A machine and the variables that name its application. */
export interface ApplicationHost {
  readonly title: string;
  /**
   * `complete`: all variables are set. `incomplete`: one is missing or empty, so the source fails
   * and stops the chain. `none`: they name no application, so other sources are used.
   */
  readonly variables: "complete" | "incomplete" | "none";
  readonly env: Readonly<Record<string, string>>;
}

const tenant = { AZURE_TENANT_ID: "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501" };
const client = { AZURE_CLIENT_ID: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f" };
const ids = { ...tenant, ...client };
const secret = { AZURE_CLIENT_SECRET: "secret-of-the-application" };
const user = { AZURE_USERNAME: "ada@contoso.example", AZURE_PASSWORD: "password-of-ada" };
const noFile = { AZURE_CLIENT_CERTIFICATE_PATH: fileURLToPath(new URL("no-such-file.pem", import.meta.url)) };
const github = {
  GITHUB_ACTIONS: "true",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://pipelines.example/token?run=1",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token-of-the-job",
};
const pipelines = {
  TF_BUILD: "True",
  SYSTEM_OIDCREQUESTURI: "https://dev.azure.example/oidctoken",
  SYSTEM_ACCESSTOKEN: "token-of-the-job",
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
};

const complete: readonly ApplicationHost[] = [
  { title: "a machine with a client secret", variables: "complete", env: { ...ids, ...secret } },
  { title: "a job of GitHub Actions that may ask for a token", variables: "complete", env: { ...ids, ...github } },
  { title: "a job of Azure Pipelines with a service connection", variables: "complete", env: { ...ids, ...pipelines } },
];

const incomplete: readonly ApplicationHost[] = [
  { title: "a machine with a client secret and no tenant", variables: "incomplete", env: { ...client, ...secret } },
  { title: "a machine with a client secret and no client id", variables: "incomplete", env: { ...tenant, ...secret } },
  {
    title: "a machine with a client secret and an empty AZURE_TENANT_ID",
    variables: "incomplete",
    env: { ...client, ...secret, AZURE_TENANT_ID: "" },
  },
  {
    title: "a machine with both ids and an empty AZURE_CLIENT_SECRET",
    variables: "incomplete",
    env: { ...ids, AZURE_CLIENT_SECRET: "" },
  },
  {
    title: "a machine with both ids and an empty AZURE_CLIENT_CERTIFICATE_PATH",
    variables: "incomplete",
    env: { ...ids, AZURE_CLIENT_CERTIFICATE_PATH: "" },
  },
  {
    title: "a machine with a certificate that is not there",
    variables: "incomplete",
    env: { ...ids, ...noFile },
  },
  { title: "a machine with a certificate and no tenant", variables: "incomplete", env: { ...client, ...noFile } },
  { title: "a machine with a user and no tenant", variables: "incomplete", env: { ...client, ...user } },
  {
    title: "a machine with both ids, a user, and an empty AZURE_PASSWORD",
    variables: "incomplete",
    env: { ...ids, ...user, AZURE_PASSWORD: "" },
  },
  {
    title: "a machine with a tenant, a user, and an empty AZURE_CLIENT_ID",
    variables: "incomplete",
    env: { ...ids, ...user, AZURE_CLIENT_ID: "" },
  },
  {
    title: "a job of GitHub Actions with an application and an empty ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    variables: "incomplete",
    env: { ...ids, ...github, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" },
  },
  {
    title: "a job of Azure Pipelines with a service connection and an empty SYSTEM_ACCESSTOKEN",
    variables: "incomplete",
    env: { ...ids, ...pipelines, SYSTEM_ACCESSTOKEN: "" },
  },
];

const none: readonly ApplicationHost[] = [
  { title: "a machine without variables", variables: "none", env: {} },
  { title: "a machine with a tenant alone", variables: "none", env: tenant },
  { title: "a machine with a client id alone", variables: "none", env: client },
  { title: "a machine with both ids alone", variables: "none", env: ids },
  { title: "a job of GitHub Actions without an application", variables: "none", env: github },
];

/** Machines with complete, incomplete and no variables. */
export const applicationHosts: readonly ApplicationHost[] = [...complete, ...incomplete, ...none];

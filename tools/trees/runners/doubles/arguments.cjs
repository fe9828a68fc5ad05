const { createHttpHeaders } = require("@azure/core-rest-pipeline");

/** Arguments with which each class can be made on any machine, and a double of its token. */
const tenant = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const client = "3d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d33";

exports.constructorArguments = {
  AuthorizationCodeCredential: [tenant, client, "code", "http://localhost"],
  AzureCliCredential: [],
  AzureDeveloperCliCredential: [],
  AzurePipelinesCredential: [tenant, client, "connection", "system-token"],
  AzurePowerShellCredential: [],
  ChainedTokenCredential: [],
  ClientAssertionCredential: [tenant, client, async () => "assertion"],
  ClientCertificateCredential: [tenant, client, "/no/such/certificate.pem"],
  ClientSecretCredential: [tenant, client, "secret"],
  DefaultAzureCredential: [],
  DeviceCodeCredential: [],
  EnvironmentCredential: [],
  InteractiveBrowserCredential: [{}],
  ManagedIdentityCredential: [],
  OnBehalfOfCredential: [{ tenantId: tenant, clientId: client, clientSecret: "secret", userAssertionToken: "a.b.c" }],
  UsernamePasswordCredential: [tenant, client, "ann@contoso.example", "password"],
  VisualStudioCodeCredential: [],
  WorkloadIdentityCredential: [{ tenantId: tenant, clientId: client, tokenFilePath: "/no/such/token" }],
};
exports.double = { token: "a-double", expiresOnTimestamp: 4_000_000_000_000 };
exports.scope = "https://vault.azure.net/.default";

/** Variables of a pipeline, without which one of the classes cannot be made. */
process.env.SYSTEM_OIDCREQUESTURI = "https://pipelines.example/oidc";

const authority = `https://login.microsoftonline.com/${tenant}`;
const metadata = {
  issuer: `${authority}/v2.0`,
  token_endpoint: `${authority}/oauth2/v2.0/token`,
  authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
  jwks_uri: `${authority}/discovery/v2.0/keys`,
};

/** An application whose token requests `httpClient` answers with tokens of an hour. */
exports.applicationOf = ({ ClientSecretCredential }) => {
  let requests = 0;
  const httpClient = {
    async sendRequest(request) {
      const isToken = /\/token(\?|$)/.test(request.url);
      if (isToken) requests += 1;
      const token = { token_type: "Bearer", expires_in: 3600, access_token: `token-${requests}` };
      const body = isToken ? token : metadata;
      const headers = createHttpHeaders({ "content-type": "application/json" });
      return { request, status: 200, headers, bodyAsText: JSON.stringify(body) };
    },
  };
  const options = { httpClient, disableInstanceDiscovery: true };
  return { credential: new ClientSecretCredential(tenant, client, "secret", options), requests: () => requests };
};

import { compare, type Row } from "./compare.ts";
import { app, contoso, fabrikam, scope, secret } from "./directory.ts";
import { errorOf, failure } from "./failure.ts";
import { type CannedAnswer, recordHttp } from "./recorded-http.ts";
import { claimsOf, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const principal = { AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_CLIENT_SECRET: secret };
const appService = { IDENTITY_ENDPOINT: "http://10.0.0.1:8081/msi/token", IDENTITY_HEADER: "a header" };
const names = [
  "EnvironmentCredential",
  "WorkloadIdentityCredential",
  "ManagedIdentityCredential",
  "VisualStudioCodeCredential",
  "AzureCliCredential",
  "AzurePowerShellCredential",
  "AzureDeveloperCliCredential",
] as const;

const issued: CannedAnswer = {
  body: {
    access_token: "token-of-the-host",
    expires_on: String(Math.floor(Date.now() / 1000) + 86_000),
    token_type: "Bearer",
  },
};

type Variables = Readonly<Record<string, string | undefined>>;
function credential(world: World, variables: Variables = {}, options: object = {}) {
  world.env(variables);
  return world.create("DefaultAzureCredential", { ...world.entra, ...options });
}

/** All tools are there, and each prints its own token. */
function installTools({ install }: World, ...programs: readonly string[]) {
  const expiresOn = "2090-01-01T00:00:00Z";
  const answers: Readonly<Record<string, object>> = {
    az: { accessToken: "token-of-az", expires_on: 4_000_000_000 },
    azd: { token: "token-of-azd", expiresOn },
    pwsh: { Token: "token-of-pwsh", ExpiresOn: expiresOn },
  };
  for (const program of programs) install(program, { stdout: answers[program] });
}

const row = (behaviour: string, run: Row["run"], expected: unknown): Row => ({ behaviour, run, expected, fresh: true });

const selection: readonly Row[] = [
  ...["randomValue", "prod,nothing", "BrokerCredential", "InteractiveBrowserCredential", "azurecli"].map((value) =>
    row(
      `AZURE_TOKEN_CREDENTIALS=${value} is refused when the credential is made`,
      (world) => world.failure(() => credential(world, { AZURE_TOKEN_CREDENTIALS: value })),
      failure("Error", "invalid value for AZURE_TOKEN_CREDENTIALS", value, "'prod'", "'dev'", names.join(", ")),
    ),
  ),
  ...["dev", "prod", "DEV", "Prod", " dev ", "", ...names, ...names.map((name) => name.toLowerCase())].map((value) =>
    row(
      `AZURE_TOKEN_CREDENTIALS=${JSON.stringify(value)} is accepted`,
      (world) => {
        const made = credential(world, { AZURE_TOKEN_CREDENTIALS: value });
        return made instanceof world.identity.DefaultAzureCredential;
      },
      true,
    ),
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=AzureCliCredential asks az alone",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      const all = { ...principal, AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" };
      return (await credential(world, all).getToken(scope)).token;
    },
    "token-of-az",
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=AzureDeveloperCliCredential asks azd alone",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      const all = { ...principal, AZURE_TOKEN_CREDENTIALS: "azuredeveloperclicredential" };
      return (await credential(world, all).getToken(scope)).token;
    },
    "token-of-azd",
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=AzurePowerShellCredential asks pwsh alone",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      const all = { ...principal, AZURE_TOKEN_CREDENTIALS: "AzurePowerShellCredential" };
      return (await credential(world, all).getToken(scope)).token;
    },
    "token-of-pwsh",
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=EnvironmentCredential asks Entra",
    async (world) => {
      installTools(world, "az");
      const all = { ...principal, AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" };
      return claimsOf(await credential(world, all).getToken(scope)).appid;
    },
    app.clientId,
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential sends no probe",
    async (world) => {
      const http = recordHttp(() => issued);
      const options = { httpClient: http.client };
      const { token } = await credential(
        world,
        { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
        options,
      ).getToken(scope);
      return [token, http.requests.length, http.requests[0]?.headers.get("metadata")];
    },
    ["token-of-the-host", 1, "true"],
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=dev leaves out the environment",
    async (world) => {
      installTools(world, "az");
      const all = { ...principal, ...appService, AZURE_TOKEN_CREDENTIALS: "dev" };
      return (await credential(world, all).getToken(scope)).token;
    },
    "token-of-az",
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS=prod leaves out the tools",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      const http = recordHttp(() => ({ status: 404, body: {} }));
      const options = { httpClient: http.client };
      await world.failure(() =>
        credential(world, { ...appService, AZURE_TOKEN_CREDENTIALS: "prod" }, options).getToken(scope),
      );
      return world.tools.runs().length;
    },
    0,
  ),
  row(
    "AZURE_TOKEN_CREDENTIALS is read when the credential is made",
    async (world) => {
      installTools(world, "az");
      const made = credential(world, { ...principal, AZURE_TOKEN_CREDENTIALS: "dev" });
      world.env({ AZURE_TOKEN_CREDENTIALS: "prod" });
      return (await made.getToken(scope)).token;
    },
    "token-of-az",
  ),
];

const requiredVariables: readonly Row[] = [
  row(
    "requiredEnvVars refuses a variable that is not set",
    (world) => world.failure(() => credential(world, {}, { requiredEnvVars: "AZURE_TOKEN_CREDENTIALS" })),
    failure(
      "Error",
      "required environment variable 'AZURE_TOKEN_CREDENTIALS' for DefaultAzureCredential is not set or empty",
    ),
  ),
  row(
    "requiredEnvVars refuses an empty variable",
    (world) =>
      world.failure(() => credential(world, { AZURE_CLIENT_ID: "" }, { requiredEnvVars: ["AZURE_CLIENT_ID"] })),
    failure("Error", "required environment variable 'AZURE_CLIENT_ID' for DefaultAzureCredential is not set or empty"),
  ),
  row(
    "requiredEnvVars names every missing variable",
    (world) =>
      world.failure(() =>
        credential(
          world,
          { AZURE_CLIENT_ID: "a" },
          { requiredEnvVars: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_TOKEN_CREDENTIALS"] },
        ),
      ),
    failure(
      "Error",
      "required environment variables 'AZURE_TENANT_ID, AZURE_TOKEN_CREDENTIALS' for DefaultAzureCredential are not set or empty",
    ),
  ),
  ...(["AZURE_CLIENT_ID", ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"], [], undefined] as const).map((requiredEnvVars) =>
    row(
      `requiredEnvVars accepts ${JSON.stringify(requiredEnvVars)} where the variables are set`,
      (world) => credential(world, principal, { requiredEnvVars }) instanceof world.identity.DefaultAzureCredential,
      true,
    ),
  ),
];

/** Which credentials the errors are of, in the order of the chain. */
const order = [
  "EnvironmentCredential",
  "WorkloadIdentityCredential",
  "ManagedIdentityCredential",
  "Visual Studio Code",
  "Azure CLI",
  "PowerShell",
  "Azure Developer CLI",
];

const chain: readonly Row[] = [
  row(
    "The environment comes first",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      return claimsOf(await credential(world, { ...principal, ...appService }).getToken(scope)).appid;
    },
    app.clientId,
  ),
  row(
    "The workload identity comes before the managed identity",
    async (world) => {
      const file = world.file(
        "token",
        await world.emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" }),
      );
      const pod = { ...principal, AZURE_CLIENT_SECRET: undefined, AZURE_FEDERATED_TOKEN_FILE: file };
      return claimsOf(await credential(world, { ...appService, ...pod }).getToken(scope)).appid;
    },
    app.clientId,
  ),
  row(
    "The managed identity comes before the tools",
    async (world) => {
      installTools(world, "az", "azd", "pwsh");
      return (await credential(world, appService, { httpClient: recordHttp(() => issued).client }).getToken(scope))
        .token;
    },
    "token-of-the-host",
  ),
  ...(
    [
      [["az", "azd", "pwsh"], "token-of-az"],
      [["azd", "pwsh"], "token-of-pwsh"],
      [["azd"], "token-of-azd"],
    ] as const
  ).map(([programs, expected]) =>
    row(
      `With ${programs.join(", ")} installed it is the ${expected}`,
      async (world) => {
        installTools(world, ...programs);
        return (await credential(world, { AZURE_TOKEN_CREDENTIALS: "dev" }).getToken(scope)).token;
      },
      expected,
    ),
  ),
  row(
    "The error of the production credentials names each of them in the order of the chain",
    async (world) => {
      const http = recordHttp(() => ({ status: 400, body: { error: "invalid_request" } }));
      const variables = { ...appService, AZURE_TOKEN_CREDENTIALS: "prod" };
      const error = (await errorOf(() =>
        credential(world, variables, { httpClient: http.client }).getToken(scope),
      )) as Error & { errors: readonly Error[] };
      const { name, message, errors } = error;
      const places = ["EnvironmentCredential", "ManagedIdentityCredential"].map((each) => message.indexOf(each));
      return {
        name,
        ordered: places.every((place, index) => place > (places[index - 1] ?? -1)),
        members: errors.map((each) => each.name),
      };
    },
    {
      name: "AggregateAuthenticationError",
      ordered: true,
      members: ["CredentialUnavailableError", "CredentialUnavailableError"],
    },
  ),
  row(
    "The error of the developer credentials names each of them",
    (world) => world.failure(() => credential(world, { AZURE_TOKEN_CREDENTIALS: "dev" }).getToken(scope)),
    failure("AggregateAuthenticationError", ...order.slice(3)),
  ),
  row(
    "The error of one credential alone has its words once",
    async (world) => {
      const { message } = (await errorOf(() =>
        credential(world, { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }).getToken(scope),
      )) as Error;
      const [first, second = "", ...rest] = message.split("\n");
      return [first, second.startsWith("CredentialUnavailableError: "), rest];
    },
    ["ChainedTokenCredential authentication failed.", true, []],
  ),
  row(
    "A rejected secret of the environment ends the chain",
    async (world) => {
      installTools(world, "az");
      const result = await world.failure(() =>
        credential(world, { ...principal, AZURE_CLIENT_SECRET: "wrong" }).getToken(scope),
      );
      return { result, runs: world.tools.runs().length };
    },
    { result: failure("AuthenticationError", "EnvironmentCredential", "AADSTS7000215"), runs: 0 },
  ),
  row(
    "A probe without an answer goes on to the tools",
    async (world) => {
      installTools(world, "az");
      const sendRequest = () =>
        Promise.reject(Object.assign(new Error("connect EHOSTUNREACH"), { code: "EHOSTUNREACH" }));
      return (await credential(world, {}, { httpClient: { sendRequest } }).getToken(scope)).token;
    },
    "token-of-az",
  ),
  row(
    "A proxy that answers 403 and names an unreachable network goes on to the tools",
    async (world) => {
      installTools(world, "az");
      const body = "A socket operation was attempted to an unreachable network.";
      const { client } = recordHttp(() => ({ status: 403, body }));
      return (await credential(world, {}, { httpClient: client }).getToken(scope)).token;
    },
    "token-of-az",
  ),
];

/** The query of the managed identity's request. */
async function idOf(world: World, variables: Variables, options: object) {
  const http = recordHttp(() => issued);
  await credential(world, { ...appService, ...variables }, { httpClient: http.client, ...options }).getToken(scope);
  const { searchParams } = new URL(http.requests.at(-1)?.url ?? "http://nowhere");
  return [searchParams.get("client_id"), searchParams.get("mi_res_id")];
}

const options: readonly Row[] = [
  row(
    "managedIdentityClientId names the managed identity",
    (world) => idOf(world, {}, { managedIdentityClientId: "an-id" }),
    ["an-id", null],
  ),
  row("AZURE_CLIENT_ID names the managed identity", (world) => idOf(world, { AZURE_CLIENT_ID: "an-id" }, {}), [
    "an-id",
    null,
  ]),
  row(
    "managedIdentityClientId counts more than AZURE_CLIENT_ID",
    (world) => idOf(world, { AZURE_CLIENT_ID: "another" }, { managedIdentityClientId: "an-id" }),
    ["an-id", null],
  ),
  row(
    "managedIdentityResourceId names the managed identity",
    (world) => idOf(world, {}, { managedIdentityResourceId: "/subscriptions/s/r" }),
    [null, "/subscriptions/s/r"],
  ),
  row(
    "managedIdentityClientId of undefined is not given",
    (world) => idOf(world, {}, { managedIdentityClientId: undefined }),
    [null, null],
  ),
  row(
    "workloadIdentityClientId names the workload identity",
    async (world) => {
      const file = world.file(
        "token",
        await world.emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" }),
      );
      const pod = { AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: "another", AZURE_FEDERATED_TOKEN_FILE: file };
      return claimsOf(await credential(world, pod, { workloadIdentityClientId: app.clientId }).getToken(scope)).appid;
    },
    app.clientId,
  ),
  row(
    "tenantId is that of the tools",
    async (world) => {
      installTools(world, "az");
      await credential(world, { AZURE_TOKEN_CREDENTIALS: "dev" }, { tenantId: fabrikam }).getToken(scope);
      return world.tools
        .runs()
        .find(({ program }) => program === "az")
        ?.args.slice(-2);
    },
    ["--tenant", fabrikam],
  ),
  row(
    "AZURE_TENANT_ID is not that of the tools",
    async (world) => {
      installTools(world, "az");
      await credential(world, { AZURE_TOKEN_CREDENTIALS: "dev", AZURE_TENANT_ID: fabrikam }).getToken(scope);
      return world.tools
        .runs()
        .find(({ program }) => program === "az")
        ?.args.includes("--tenant");
    },
    false,
  ),
  row(
    "additionallyAllowedTenants is that of the environment",
    async (world) => {
      const made = credential(world, principal, { additionallyAllowedTenants: ["*"] });
      return claimsOf(await made.getToken(scope, { tenantId: fabrikam })).tid;
    },
    fabrikam,
  ),
  row(
    "Another tenant is refused by the environment",
    (world) => world.failure(() => credential(world, principal).getToken(scope, { tenantId: fabrikam })),
    failure("AuthenticationError", "not configured to acquire tokens for tenant"),
  ),
  row(
    "A second call gets the environment's token from memory",
    async (world) => {
      const made = credential(world, principal);
      await made.getToken(scope);
      await made.getToken(scope);
      return tokenRequests(world.emulator).length;
    },
    1,
  ),
  row(
    "A class that extends DefaultAzureCredential can call its getToken",
    async (world) => {
      const { identity, env, entra } = world;
      env(principal);
      class Own extends identity.DefaultAzureCredential {
        tries = 0;
        override getToken(...args: Parameters<InstanceType<typeof identity.DefaultAzureCredential>["getToken"]>) {
          this.tries++;
          return super.getToken(...args);
        }
      }
      const own = new Own(entra as never);
      await own.getToken(scope);
      return [own.tries, own instanceof identity.DefaultAzureCredential, own.constructor.name];
    },
    [1, true, "Own"],
  ),
  {
    behaviour: "Options of DefaultAzureCredential are not changed",
    run(world) {
      const options = {};
      world.create("DefaultAzureCredential", options);
      return Object.keys(options).sort();
    },
    expected: ["allowInsecureConnection", "retryOptions", "sendProbeRequest"],
    ours: { expected: [], documented: "options that it is given are never changed" },
  },
];

compare("DefaultAzureCredential", [...selection, ...requiredVariables, ...chain, ...options]);

import { compare, type Row } from "./compare.ts";
import { ann, app, contoso, secret } from "./directory.ts";
import { failure } from "./failure.ts";
import type { ClassName } from "./world.ts";

const id = app.clientId;
const unavailable = "CredentialUnavailableError";

/** Arguments that a constructor refuses, and the error. */
function refuses(
  name: ClassName,
  what: string,
  args: readonly unknown[],
  error: string,
  ...words: readonly string[]
): Row {
  return {
    behaviour: `${name} refuses ${what}`,
    run: ({ create, failure }) => failure(() => create(name, ...args)),
    expected: failure(error, ...words),
  };
}

const nothing: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["an empty text", ""],
];

/** A row for each kind of nothing in place of each argument. */
const required = (name: ClassName, args: Readonly<Record<string, unknown>>): readonly Row[] =>
  Object.keys(args).flatMap((missing) =>
    nothing.map(([kind, value]) =>
      refuses(
        name,
        `${kind} as ${missing}`,
        Object.entries(args).map(([each, given]) => (each === missing ? value : given)),
        unavailable,
        missing,
        "required",
      ),
    ),
  );

compare("Constructors", [
  ...required("ClientSecretCredential", { tenantId: contoso, clientId: id, clientSecret: secret }),
  ...required("UsernamePasswordCredential", {
    tenantId: contoso,
    clientId: id,
    username: ann.username,
    password: ann.password,
  }),
  ...required("AzurePipelinesCredential", {
    tenantId: contoso,
    clientId: id,
    serviceConnectionId: "connection",
    systemAccessToken: "token",
  }),
  ...required("ClientAssertionCredential", { tenantId: contoso, clientId: id }),
  refuses("ClientAssertionCredential", "a missing callback", [contoso, id], unavailable, "assertion", "required"),
  refuses("ClientCertificateCredential", "a missing tenant", [undefined, id, "a.pem"], "Error", "tenantId", "required"),
  refuses("ClientCertificateCredential", "a missing client", [contoso, "", "a.pem"], "Error", "clientId", "required"),
  refuses("ClientCertificateCredential", "a missing certificate", [contoso, id], "Error", "PEM certificate", "path"),
  refuses("ClientCertificateCredential", "an empty path", [contoso, id, ""], "Error", "PEM certificate", "path"),
  refuses("ClientCertificateCredential", "an empty object", [contoso, id, {}], "Error", "PEM certificate", "path"),
  refuses(
    "ClientCertificateCredential",
    "a certificate beside a path",
    [contoso, id, { certificate: "a", certificatePath: "a.pem" }],
    "Error",
    "both",
    "path",
  ),
  refuses(
    "OnBehalfOfCredential",
    "a missing tenant",
    [{ clientId: id, clientSecret: secret, userAssertionToken: "t" }],
    unavailable,
    "tenantId",
    "required",
  ),
  refuses(
    "OnBehalfOfCredential",
    "a missing client",
    [{ tenantId: contoso, clientSecret: secret, userAssertionToken: "t" }],
    unavailable,
    "clientId",
    "required",
  ),
  refuses(
    "OnBehalfOfCredential",
    "a missing user assertion",
    [{ tenantId: contoso, clientId: id, clientSecret: secret }],
    unavailable,
    "userAssertionToken",
    "required",
  ),
  refuses(
    "OnBehalfOfCredential",
    "neither secret, certificate nor assertion",
    [{ tenantId: contoso, clientId: id, userAssertionToken: "t" }],
    unavailable,
    "clientSecret",
    "certificatePath",
    "getAssertion",
  ),
  refuses(
    "ManagedIdentityCredential",
    "a client id beside a resource id",
    [{ clientId: "a", resourceId: "b" }],
    "Error",
    "only one of 'clientId', 'resourceId', or 'objectId'",
  ),
  refuses(
    "ManagedIdentityCredential",
    "a client id as text beside an object id",
    ["a", { objectId: "b" }],
    "Error",
    "only one of 'clientId', 'resourceId', or 'objectId'",
  ),
  refuses(
    "ManagedIdentityCredential",
    "a resource id beside an object id",
    [{ resourceId: "a", objectId: "b" }],
    "Error",
    "only one of 'clientId', 'resourceId', or 'objectId'",
  ),
  ...(
    [
      "AzureCliCredential",
      "AzureDeveloperCliCredential",
      "AzurePowerShellCredential",
      "VisualStudioCodeCredential",
    ] as const
  ).map((name) => refuses(name, "a tenant with a space", [{ tenantId: "not a tenant" }], "Error", "invalid tenant id")),
  ...(["DeviceCodeCredential", "InteractiveBrowserCredential"] as const).map((name) =>
    refuses(name, "a tenant with a slash", [{ tenantId: "a/b" }], "Error", "invalid tenant id"),
  ),
  ...(
    [
      ["ClientSecretCredential", ["a b", id, secret]],
      ["ClientAssertionCredential", ["a b", id, async () => "assertion"]],
      ["ClientCertificateCredential", ["a b", id, "a.pem"]],
      ["UsernamePasswordCredential", ["a b", id, "ann", "password"]],
      ["AuthorizationCodeCredential", ["a b", id, "code", "http://localhost"]],
      ["OnBehalfOfCredential", [{ tenantId: "a b", clientId: id, clientSecret: secret, userAssertionToken: "t" }]],
      ["WorkloadIdentityCredential", [{ tenantId: "a b", clientId: id, tokenFilePath: "/nowhere" }]],
    ] as const
  ).map(([name, args]) => refuses(name, "a tenant with a space", args, "Error", "invalid tenant id")),
  refuses(
    "AzureCliCredential",
    "a subscription with a quote",
    [{ subscription: `a"b` }],
    "Error",
    "subscription",
    "invalid characters",
  ),
  refuses(
    "VisualStudioCodeCredential",
    "the tenant adfs",
    [{ tenantId: "adfs" }],
    unavailable,
    "does not support",
    "ADFS",
  ),
  refuses(
    "InteractiveBrowserCredential",
    "a broker without a window",
    [{ brokerOptions: { enabled: true } }],
    "Error",
    "parentWindowHandle",
    "required",
  ),
  refuses(
    "ClientSecretCredential",
    "an authority without https",
    [contoso, id, secret, { authorityHost: "http://login.example" }],
    "Error",
    "authorityHost",
    "https",
  ),
  ...(["ClientSecretCredential", "DeviceCodeCredential", "InteractiveBrowserCredential"] as const).map((name) => ({
    ...refuses(
      name,
      "a persistent cache without its plugin",
      [
        ...(name === "ClientSecretCredential" ? [contoso, id, secret] : []),
        { tokenCachePersistenceOptions: { enabled: true } },
      ],
      "Error",
      "persistent token caching",
      "useIdentityPlugin",
    ),
    ours: { expected: "no failure", documented: "works with the package `@azidentity/plugin-cache-persist` alone" },
  })),
  ...(
    [
      "AzureCliCredential",
      "AzureDeveloperCliCredential",
      "AzurePowerShellCredential",
      "VisualStudioCodeCredential",
      "DeviceCodeCredential",
      "EnvironmentCredential",
      "ManagedIdentityCredential",
      "DefaultAzureCredential",
      "ChainedTokenCredential",
    ] as const
  ).map((name) => ({
    behaviour: `${name} needs no arguments`,
    run: ({ create, identity }: Parameters<Row["run"]>[0]) => create(name) instanceof identity[name],
    expected: true,
  })),
  ...(
    [
      [
        "AzureCliCredential",
        {
          tenantId: undefined,
          processTimeoutInMs: undefined,
          subscription: undefined,
          additionallyAllowedTenants: undefined,
        },
      ],
      [
        "AzureDeveloperCliCredential",
        { tenantId: undefined, processTimeoutInMs: undefined, additionallyAllowedTenants: undefined },
      ],
      [
        "AzurePowerShellCredential",
        { tenantId: undefined, processTimeoutInMs: undefined, additionallyAllowedTenants: undefined },
      ],
      ["VisualStudioCodeCredential", { tenantId: undefined }],
      [
        "DeviceCodeCredential",
        {
          tenantId: undefined,
          clientId: undefined,
          userPromptCallback: undefined,
          authenticationRecord: undefined,
          disableAutomaticAuthentication: undefined,
          tokenCachePersistenceOptions: undefined,
        },
      ],
      [
        "InteractiveBrowserCredential",
        {
          tenantId: undefined,
          clientId: undefined,
          redirectUri: undefined,
          loginHint: undefined,
          brokerOptions: undefined,
          browserCustomizationOptions: undefined,
        },
      ],
      [
        "EnvironmentCredential",
        { authorityHost: undefined, disableInstanceDiscovery: undefined, additionallyAllowedTenants: undefined },
      ],
      [
        "ManagedIdentityCredential",
        {
          clientId: undefined,
          resourceId: undefined,
          objectId: undefined,
          retryOptions: undefined,
          loggingOptions: undefined,
        },
      ],
      [
        "DefaultAzureCredential",
        {
          tenantId: undefined,
          managedIdentityClientId: undefined,
          workloadIdentityClientId: undefined,
          managedIdentityResourceId: undefined,
          processTimeoutInMs: undefined,
          requiredEnvVars: undefined,
          loggingOptions: undefined,
          retryOptions: undefined,
        },
      ],
    ] as const
  ).map(([name, options]) => ({
    behaviour: `${name} takes an option of undefined for one that is not given`,
    run: ({ create, identity }: Parameters<Row["run"]>[0]) => create(name, options) instanceof identity[name],
    expected: true,
  })),
  ...(["ClientSecretCredential", "DeviceCodeCredential", "InteractiveBrowserCredential"] as const).flatMap(
    (name): Row[] => {
      const all = name === "ClientSecretCredential" ? ["tenant", "client", "secret"] : [];
      const variable = (host: string, options: object) => (world: Parameters<Row["run"]>[0]) => {
        world.env({ AZURE_AUTHORITY_HOST: host });
        return world.failure(() => world.create(name, ...all, options));
      };
      return [
        {
          behaviour: `${name} refuses an AZURE_AUTHORITY_HOST without TLS when it is made`,
          run: variable("http://login.example", {}),
          expected: failure("Error", "The authorityHost address must use the 'https' protocol"),
        },
        {
          behaviour: `${name} ignores an AZURE_AUTHORITY_HOST where it has authorityHost`,
          run: variable("http://login.example", { authorityHost: "https://login.example" }),
          expected: "no failure",
        },
        {
          behaviour: `${name} with a host without a protocol in AZURE_AUTHORITY_HOST`,
          run: variable("login.example", {}),
          expected: failure("Error", "The authorityHost address must use the 'https' protocol"),
          ours: { expected: "no failure", documented: "a host name without a protocol" },
        },
      ];
    },
  ),
]);

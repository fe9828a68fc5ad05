/** Messages have the names of parameters and options that a class has, and none of core's own. */
import { beforeEach, expect, it, vi } from "vitest";
import * as identity from "../src/index.ts";
import { atEmulator, scope, withEmulator } from "./emulator.ts";

const emulator = withEmulator();
beforeEach(() => {
  vi.stubEnv("AZURE_AUTHORITY_HOST", emulator().authorityHost);
  vi.stubEnv("SYSTEM_OIDCREQUESTURI", `${emulator().authorityHost}/nowhere`);
  vi.stubEnv("IDENTITY_ENDPOINT", "no URL"); // an error before any request
  vi.stubEnv("IDENTITY_HEADER", "key");
  vi.stubEnv("PATH", "/nonexistent");
});

interface Shape {
  /** Arguments in their order, by the names of their parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Options besides those that all classes have. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const tenantId = "contoso.example";
const clientId = "3d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d33";
const user = { tenantId, clientId, authenticationRecord: undefined, disableAutomaticAuthentication: true };
const tool = { tenantId, processTimeoutInMs: 1_000 };
const onBehalf = { tenantId, clientId, userAssertionToken: "user" };

const shapes: readonly (readonly [of: abstract new (...args: never) => identity.TokenCredential, shape: Shape])[] = [
  [identity.ClientSecretCredential, { parameters: { tenantId, clientId, clientSecret: "s3cret" } }],
  [identity.ClientAssertionCredential, { parameters: { tenantId, clientId, getAssertion: async () => "assertion" } }],
  [
    identity.ClientCertificateCredential,
    { parameters: { tenantId, clientId, certificatePath: "/nowhere" }, options: { sendCertificateChain: true } },
  ],
  [identity.UsernamePasswordCredential, { parameters: { tenantId, clientId, username: "ann", password: "passw0rd" } }],
  [
    identity.AzurePipelinesCredential,
    { parameters: { tenantId, clientId, serviceConnectionId: "c", systemAccessToken: "t" } },
  ],
  [
    identity.AuthorizationCodeCredential,
    { parameters: { tenantId, clientId, authorizationCode: "code", redirectUri: "http://localhost" } },
  ],
  [identity.OnBehalfOfCredential, { options: { ...onBehalf, clientSecret: "s3cret" } }],
  [
    identity.OnBehalfOfCredential,
    { options: { ...onBehalf, certificatePath: "/nowhere", sendCertificateChain: true } },
  ],
  [identity.OnBehalfOfCredential, { options: { ...onBehalf, getAssertion: async () => "assertion" } }],
  [
    identity.WorkloadIdentityCredential,
    { options: { tenantId, clientId, tokenFilePath: "/nowhere/token", enableAzureProxy: false } },
  ],
  [identity.DeviceCodeCredential, { options: { ...user, userPromptCallback: () => undefined } }],
  [
    identity.InteractiveBrowserCredential,
    { options: { ...user, loginHint: "ann", redirectUri: "http://localhost", browserCustomizationOptions: {} } },
  ],
  [identity.AzureCliCredential, { options: { ...tool, subscription: "s" } }],
  [identity.AzureDeveloperCliCredential, { options: tool }],
  [identity.AzurePowerShellCredential, { options: tool }],
  [identity.VisualStudioCodeCredential, { options: { tenantId } }],
  [identity.EnvironmentCredential, {}],
  [identity.ManagedIdentityCredential, { options: { clientId } }],
  [
    identity.DefaultAzureCredential,
    { options: { ...tool, managedIdentityClientId: clientId, workloadIdentityClientId: clientId } },
  ],
];

/** Options of all classes. */
const common = [
  ...["authorityHost", "disableInstanceDiscovery", "additionallyAllowedTenants", "retryOptions", "proxyOptions"],
  ...["userAgentOptions", "loggingOptions", "tokenCachePersistenceOptions"],
];

const wrong: readonly unknown[] = [5, true, [], {}, "", " ", "a\u0000b", "a b", () => 5, null];

/**
 * What the class needs one of, and members of a record or a response: these are names that a caller
 * knows.
 */
const known: Readonly<Record<string, readonly string[]>> = {
  AzurePipelinesCredential: ["oidcToken"],
  OnBehalfOfCredential: ["clientSecret", "certificatePath", "getAssertion"],
  WorkloadIdentityCredential: ["federatedTokenFilePath"],
  DeviceCodeCredential: ["homeAccountId"],
  InteractiveBrowserCredential: ["homeAccountId"],
};

type AnyClass = new (...args: readonly unknown[]) => identity.TokenCredential;

async function messageOf(Credential: AnyClass, args: readonly unknown[]): Promise<string> {
  try {
    await new Credential(...args).getToken(scope);
    return "";
  } catch (error) {
    const { message, remedy = "" } = error as Error & { readonly remedy?: string };
    return `${message}\n${remedy}`;
  }
}

/** Names as code has them, and paths of a config or of core's functions. */
const namesIn = (message: string): readonly string[] => [
  ...(message.match(/(?<![\w/:-])[a-z]+[A-Z]\w*/g) ?? []),
  ...(message.match(/\bcredential\(|\bidentity\.\w|\b(?:http|sources)\.\w+|\bforUser\b|\{ env:/g) ?? []),
];

const rows = shapes.map(([of, shape]) => [of.name, of as unknown as AnyClass, shape] as const);
it.each(rows)(
  "%s names what it has when an argument is wrong",
  async (className, of, { parameters = {}, options = {} }) => {
    const own = [...Object.keys(parameters), ...Object.keys(options), ...common];
    const argumentsWith = (name: string, value: unknown) => {
      const all = { ...atEmulator(emulator()), retryOptions: { maxRetries: 0 }, ...options };
      const changed = name in parameters ? all : { ...all, [name]: value };
      return [...Object.entries(parameters).map(([key, good]) => (key === name ? value : good)), changed];
    };
    const cases = own.flatMap((name) => wrong.map((value) => [name, value] as const));
    const found = await Promise.all(
      cases.map(async ([name, value]) => {
        const message = await messageOf(of, argumentsWith(name, value));
        return namesIn(message)
          .filter((each) => ![...own, ...(known[className] ?? [])].includes(each))
          .map((each) => `${each} in: ${message}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  },
);

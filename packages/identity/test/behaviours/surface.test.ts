import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { type Identity, peer } from "./implementations.ts";

const credentials = [
  "AuthorizationCodeCredential",
  "AzureCliCredential",
  "AzureDeveloperCliCredential",
  "AzurePipelinesCredential",
  "AzurePowerShellCredential",
  "ChainedTokenCredential",
  "ClientAssertionCredential",
  "ClientCertificateCredential",
  "ClientSecretCredential",
  "DefaultAzureCredential",
  "DeviceCodeCredential",
  "EnvironmentCredential",
  "InteractiveBrowserCredential",
  "ManagedIdentityCredential",
  "OnBehalfOfCredential",
  "UsernamePasswordCredential",
  "VisualStudioCodeCredential",
  "WorkloadIdentityCredential",
] as const;

type Prototype = Readonly<Record<string, unknown>>;
const prototypeOf = (identity: Identity, name: (typeof credentials)[number]) =>
  identity[name].prototype as unknown as Prototype;

const perClass = credentials.flatMap((name): Row[] => [
  {
    behaviour: `${name}.prototype.getToken is a method that tests can replace`,
    run({ identity }) {
      const owner = name === "DefaultAzureCredential" ? "ChainedTokenCredential" : name;
      const { writable, configurable, enumerable, value } =
        Object.getOwnPropertyDescriptor(prototypeOf(identity, owner), "getToken") ?? {};
      return { writable, configurable, enumerable, type: typeof value, name: value?.name };
    },
    expected: { writable: true, configurable: true, enumerable: false, type: "function", name: "getToken" },
  },
  {
    behaviour: `${name} keeps its name`,
    run: ({ identity }) => identity[name].name,
    expected: name,
  },
  {
    behaviour: `${name} is a class, which is not called without new`,
    run: ({ identity, failure }) => failure(() => (identity[name] as unknown as () => void)()),
    expected: expect.objectContaining({ name: "TypeError" }),
  },
]);

compare("Surface", [
  {
    behaviour: "Everything that the peer exports is exported, with its type",
    async run({ identity }) {
      const exports = identity as unknown as Readonly<Record<string, unknown>>;
      return Object.keys(peer()).filter((name) => typeof exports[name] !== typeof peer()[name as keyof Identity]);
    },
    expected: [],
  },
  {
    behaviour: "AzureAuthorityHosts has the sign-in hosts of the clouds",
    run: ({ identity }) => Object.entries(identity.AzureAuthorityHosts).sort(),
    expected: [
      ["AzureChina", "https://login.chinacloudapi.cn"],
      ["AzureGermany", "https://login.microsoftonline.de"],
      ["AzureGovernment", "https://login.microsoftonline.us"],
      ["AzurePublicCloud", "https://login.microsoftonline.com"],
    ],
  },
  {
    behaviour: "getDefaultAzureCredential makes a DefaultAzureCredential",
    run: ({ identity }) => {
      const credential = identity.getDefaultAzureCredential();
      return [
        credential instanceof identity.DefaultAzureCredential,
        credential instanceof identity.ChainedTokenCredential,
        credential.constructor.name,
      ];
    },
    expected: [true, true, "DefaultAzureCredential"],
  },
  ...(["DeviceCodeCredential", "InteractiveBrowserCredential"] as const).map((name) => ({
    behaviour: `${name} has authenticate`,
    run: ({ identity }: Parameters<Row["run"]>[0]) => typeof prototypeOf(identity, name).authenticate,
    expected: "function",
  })),
  ...perClass,
]);

import type { TokenCredential } from "@azure/identity";
import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope, secret } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { requestCount } from "./wire.ts";
import type { ClassName, World } from "./world.ts";

const id = app.clientId;

/** Arguments of each class that it accepts; options are behind them. */
const accepted: Readonly<Partial<Record<ClassName, readonly unknown[]>>> = {
  ClientSecretCredential: [contoso, id, secret],
  ClientAssertionCredential: [contoso, id, async () => "assertion"],
  ClientCertificateCredential: [contoso, id, "/nowhere/client.pem"],
  UsernamePasswordCredential: [contoso, id, "ann", "password"],
  AzurePipelinesCredential: [contoso, id, "connection", "token"],
  AuthorizationCodeCredential: [contoso, id, "code", "http://localhost"],
  DeviceCodeCredential: [],
  AzureCliCredential: [],
  AzureDeveloperCliCredential: [],
  AzurePowerShellCredential: [],
  VisualStudioCodeCredential: [],
  EnvironmentCredential: [],
  ManagedIdentityCredential: [],
  DefaultAzureCredential: [],
};
const classes = Object.entries(accepted) as [ClassName, readonly unknown[]][];
const make = ({ create, env }: World, name: ClassName, args: readonly unknown[]) => {
  env({ SYSTEM_OIDCREQUESTURI: "https://pipelines.example" });
  return create(name, ...args);
};

const wrongTypes: readonly (readonly [string, unknown])[] = [
  ["a number", 5],
  ["true", true],
  ["an array", []],
  ["an object", {}],
  ["a function", () => "text"],
];

/** A credential whose requests are all answered with a token. */
const answered = ({ create }: World) =>
  create("ClientSecretCredential", contoso, id, secret, { httpClient: recordHttp().client });

const failsWith = (what: string, call: (world: World) => unknown, name: string): Row => ({
  behaviour: `${what} is ${name}`,
  async run(world) {
    const result = await world.failure(() => call(world));
    return typeof result === "object" ? result.name : result;
  },
  expected: expect.stringMatching(new RegExp(`^(${name})$`)),
});

const tools = ["AzureCliCredential", "AzureDeveloperCliCredential", "AzurePowerShellCredential"] as const;
const anyError = "[A-Za-z]*Error";

compare("Bad input", [
  ...classes.map(
    ([name, args]): Row => ({
      behaviour: `${name} takes options of undefined for none`,
      run: (world) => make(world, name, [...args, undefined]) instanceof world.identity[name],
      expected: true,
    }),
  ),
  ...classes
    .filter(([, args]) => typeof args[0] === "string")
    .flatMap(([name, [, ...others]]) =>
      wrongTypes.map(([what, value]) =>
        failsWith(`A tenant of ${name} that is ${what}`, (world) => make(world, name, [value, ...others]), anyError),
      ),
    ),
  ...wrongTypes
    .filter(([, value]) => typeof value !== "string")
    .map(
      ([what, value]): Row => ({
        behaviour: `ClientCertificateCredential refuses ${what} for a certificate`,
        run: (world) => world.failure(() => make(world, "ClientCertificateCredential", [contoso, id, value])),
        expected: failure("Error", "PEM certificate"),
      }),
    ),
  ...["", " ", "\n"].map((text) =>
    failsWith(`A scope of ${JSON.stringify(text)}`, (world) => answered(world).getToken(text), anyError),
  ),
  ...[[], [""], [" "]].map((scopes) =>
    failsWith(`Scopes of ${JSON.stringify(scopes)}`, (world) => answered(world).getToken(scopes), anyError),
  ),
  ...([undefined, null, 5, {}, [5]] as const).map((scopes) =>
    failsWith(`Scopes of ${JSON.stringify(scopes)}`, (world) => answered(world).getToken(scopes), anyError),
  ),
  ...tools.flatMap((name) =>
    ["", " ", "a b", "a'b", "a$b", "a|b", 'a"b', "a\nb", "a&b", "a`b"].map((text) =>
      failsWith(
        `A scope of ${name} with the text ${JSON.stringify(text)}`,
        (world) => world.create(name).getToken(text),
        "CredentialUnavailableError",
      ),
    ),
  ),
  ...tools.flatMap((name) =>
    ["a b", "a;b", "a/b", "a'b"].map((tenantId) =>
      failsWith(
        `A tenant of ${name} of ${JSON.stringify(tenantId)}`,
        (world) => world.create(name, { tenantId }),
        "Error",
      ),
    ),
  ),
  ...["a;b", "a'b", "a|b", "a$b", "a\nb"].map((subscription) =>
    failsWith(
      `A subscription of ${JSON.stringify(subscription)}`,
      (world) => world.create("AzureCliCredential", { subscription }),
      "Error",
    ),
  ),
  ...([5, true, {}, [], "", "x y"] as const).map((tenantId) =>
    failsWith(
      `A tenant of ${JSON.stringify(tenantId)} in a call after another one`,
      async (world) => {
        const credential = answered(world);
        await credential.getToken(scope);
        await credential.getToken(scope, { tenantId });
      },
      "CredentialUnavailableError",
    ),
  ),
  ...([5, true, {}] as const).map((additionallyAllowedTenants) => ({
    behaviour: `additionallyAllowedTenants of ${JSON.stringify(additionallyAllowedTenants)} are refused by name`,
    run: (world: World) =>
      world.failure(() => make(world, "ClientSecretCredential", [contoso, id, secret, { additionallyAllowedTenants }])),
    expected: failure("TypeError", "additionallyAllowedTenants"),
  })),
  ...(
    [
      ["null", null],
      ["an empty text", ""],
      ["an empty list", []],
      ["a list of undefined", [undefined]],
    ] as const
  ).map(([what, additionallyAllowedTenants]) => ({
    behaviour: `additionallyAllowedTenants of ${what} are none`,
    async run({ create }: World) {
      const options = { httpClient: recordHttp().client, additionallyAllowedTenants };
      return (await create("ClientSecretCredential", contoso, id, secret, options).getToken(scope)).token;
    },
    expected: "a-token",
  })),
  ...([null, "", []] as const).map((requiredEnvVars) => ({
    behaviour: `requiredEnvVars of ${JSON.stringify(requiredEnvVars)} are none`,
    run: (world: World) => world.failure(() => make(world, "DefaultAzureCredential", [{ requiredEnvVars }])),
    expected: "no failure",
  })),
  ...([null, undefined] as const).map((credential) => ({
    behaviour: `A token provider of ${credential} fails when a token is requested`,
    run: (world: World) =>
      world.failure(world.identity.getBearerTokenProvider(credential as unknown as TokenCredential, scope)),
    expected: failure("Error", "Failed to get access token"),
  })),
  ...([5, {}, "text"] as const).map((credential) => ({
    behaviour: `A token provider of ${JSON.stringify(credential)} fails when a token is requested`,
    run: (world: World) =>
      world.failure(world.identity.getBearerTokenProvider(credential as unknown as TokenCredential, scope)),
    expected: failure("TypeError", "credential.getToken is not a function"),
  })),
  ...([null, undefined, 5, {}] as const).map((plugin) => ({
    behaviour: `useIdentityPlugin refuses ${JSON.stringify(plugin)}`,
    run: (world: World) => world.failure(() => world.identity.useIdentityPlugin(plugin as never)),
    expected: failure("TypeError", "plugin is not a function"),
  })),
  ...([null, undefined, ""] as const).map((tenantId) =>
    failsWith(
      `A tenant of AuthorizationCodeCredential that is ${JSON.stringify(tenantId)}`,
      (world) => make(world, "AuthorizationCodeCredential", [tenantId, id, "code", "http://localhost"]),
      anyError,
    ),
  ),
  {
    behaviour: "Options of null in a call are those of a call without options",
    run: async (world) => (await answered(world).getToken(scope, null)).token,
    expected: "a-token",
  },
  {
    behaviour: "A tenant of null in a call is not given",
    run: async (world) => (await answered(world).getToken(scope, { tenantId: null })).token,
    expected: "a-token",
  },
  ...(["disableInstanceDiscovery", "tokenCachePersistenceOptions", "loggingOptions", "authorityHost"] as const).map(
    (option): Row => ({
      behaviour: `An option ${option} of null is not given`,
      async run({ create }) {
        const options = { httpClient: recordHttp().client, [option]: null };
        return (await create("ClientSecretCredential", contoso, id, secret, options).getToken(scope)).token;
      },
      expected: "a-token",
    }),
  ),
  ...(["clientId", "tenantId", "authenticationRecord", "userPromptCallback"] as const).map(
    (option): Row => ({
      behaviour: `An option ${option} of DeviceCodeCredential of null is not given`,
      run: (world) =>
        world.failure(() => {
          const options = { ...world.entra, disableAutomaticAuthentication: true, [option]: null };
          return world.create("DeviceCodeCredential", options).getToken(scope);
        }),
      expected: failure("AuthenticationRequiredError", "Automatic authentication has been disabled"),
    }),
  ),
  ...(["clientId", "loginHint", "authenticationRecord", "browserCustomizationOptions", "brokerOptions"] as const).map(
    (option): Row => ({
      behaviour: `An option ${option} of InteractiveBrowserCredential of null is not given`,
      run: (world) =>
        world.failure(() => {
          const options = { ...world.entra, disableAutomaticAuthentication: true, [option]: null };
          return world.create("InteractiveBrowserCredential", options).getToken(scope);
        }),
      expected: failure("AuthenticationRequiredError", "Automatic authentication has been disabled"),
    }),
  ),
  {
    behaviour: "Empty claims in a call are not given",
    async run(world) {
      const { create, entra, emulator } = world;
      const credential = create("ClientSecretCredential", contoso, id, secret, entra);
      await credential.getToken(scope);
      await credential.getToken(scope, { claims: "" });
      return requestCount(emulator);
    },
    expected: 1,
  },
  {
    behaviour: "An aborted signal leaves nothing behind for the next call",
    async run(world) {
      const { create, entra } = world;
      const credential = create("ClientSecretCredential", contoso, id, secret, entra);
      await credential.getToken(scope, { abortSignal: AbortSignal.abort() }).catch(() => undefined);
      return typeof (await credential.getToken(scope)).token;
    },
    expected: "string",
  },
  {
    behaviour: "ChainedTokenCredential hands strange errors through",
    async run(world) {
      const { create } = world;
      const thrown = ["text", undefined, null, 5, { name: "Other" }];
      const seen: unknown[] = [];
      for (const value of thrown.filter((each) => each !== undefined && each !== null)) {
        const chain = create("ChainedTokenCredential", { getToken: () => Promise.reject(value) });
        seen.push(await chain.getToken(scope).catch((error: unknown) => error === value));
      }
      return seen;
    },
    expected: [true, true, true],
  },
  ...([undefined, null] as const).map((value) => ({
    behaviour: `ChainedTokenCredential of a credential that throws ${value} fails`,
    run: ({ create }: World) =>
      create("ChainedTokenCredential", { getToken: () => Promise.reject(value) })
        .getToken(scope)
        .then(
          () => "a-token",
          () => "a failure",
        ),
    expected: "a failure",
  })),
  failsWith(
    "A member of a chain that is no credential",
    ({ create }) => create("ChainedTokenCredential", {}).getToken(scope),
    anyError,
  ),
]);

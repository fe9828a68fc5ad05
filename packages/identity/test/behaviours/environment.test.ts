import { expect } from "vitest";
import { certificateOf, password } from "./certificate.ts";
import { compare, type Row } from "./compare.ts";
import { ann, app, contoso, desktop, fabrikam, scope, secret } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { assertionOf, claimsOf, formsOf, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;
const principal = { AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: id };
type Variables = Readonly<Record<string, string | undefined>>;

function environment(world: World, variables: Variables, options: object = {}) {
  world.env(variables);
  return world.create("EnvironmentCredential", { ...world.entra, ...options });
}

/** Which of the three credentials the variables stand for, as their token request shows. */
async function kindOf(world: World, variables: Variables): Promise<string> {
  await environment(world, variables).getToken(scope);
  const [form = {}] = tokenRequests(world.emulator);
  return ["client_secret", "client_assertion", "password"].filter((field) => field in form).join();
}

const file = async ({ emulator, file }: World) => file("client.pem", (await certificateOf(emulator)).pem);

const unavailable = (what: string, variables: Variables): Row => ({
  behaviour: `EnvironmentCredential is unavailable with ${what}`,
  run: (world) => world.failure(() => environment(world, variables).getToken(scope)),
  expected: failure("CredentialUnavailableError", "EnvironmentCredential", "unavailable"),
});

compare("EnvironmentCredential", [
  unavailable("no variables", {}),
  unavailable("a tenant alone", { AZURE_TENANT_ID: contoso }),
  unavailable("tenant and client alone", principal),
  unavailable("a secret alone", { AZURE_CLIENT_SECRET: secret }),
  unavailable("an empty secret", { ...principal, AZURE_CLIENT_SECRET: "" }),
  unavailable("an empty tenant", { ...principal, AZURE_TENANT_ID: "", AZURE_CLIENT_SECRET: secret }),
  unavailable("a user name without password", { ...principal, AZURE_USERNAME: ann.username }),
  {
    behaviour: "EnvironmentCredential takes a secret",
    run: (world) => kindOf(world, { ...principal, AZURE_CLIENT_SECRET: secret }),
    expected: "client_secret",
  },
  {
    behaviour: "EnvironmentCredential takes a certificate",
    run: async (world) => kindOf(world, { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: await file(world) }),
    expected: "client_assertion",
  },
  {
    behaviour: "EnvironmentCredential takes a certificate with a password",
    async run(world) {
      const { encrypted } = await certificateOf(world.emulator);
      const path = world.file("encrypted.pem", encrypted);
      const own = { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: password };
      return kindOf(world, { ...principal, ...own });
    },
    expected: "client_assertion",
  },
  {
    behaviour: "EnvironmentCredential takes a user name and password",
    run: (world) =>
      kindOf(world, {
        ...principal,
        AZURE_CLIENT_ID: desktop.clientId,
        AZURE_USERNAME: ann.username,
        AZURE_PASSWORD: ann.password,
      }),
    expected: "password",
  },
  {
    behaviour: "EnvironmentCredential takes the secret where there is a certificate, too",
    run: async (world) =>
      kindOf(world, { ...principal, AZURE_CLIENT_SECRET: secret, AZURE_CLIENT_CERTIFICATE_PATH: await file(world) }),
    expected: "client_secret",
  },
  {
    behaviour: "EnvironmentCredential takes the certificate where there is a user name, too",
    run: async (world) =>
      kindOf(world, {
        ...principal,
        AZURE_CLIENT_CERTIFICATE_PATH: await file(world),
        AZURE_USERNAME: ann.username,
        AZURE_PASSWORD: ann.password,
      }),
    expected: "client_assertion",
  },
  {
    behaviour: "EnvironmentCredential takes the certificate where the secret is empty",
    run: async (world) =>
      kindOf(world, { ...principal, AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: await file(world) }),
    expected: "client_assertion",
  },
  ...(
    [
      ["true", true],
      ["TRUE", true],
      ["1", true],
      ["false", false],
      ["0", false],
      ["yes", false],
      ["", false],
      [undefined, false],
    ] as const
  ).map(
    ([value, sent]): Row => ({
      behaviour: `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN=${value} ${sent ? "sends" : "does not send"} the chain`,
      async run(world) {
        const http = recordHttp();
        const own = { AZURE_CLIENT_CERTIFICATE_PATH: await file(world), AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: value };
        const options = { httpClient: http.client, authorityHost: "https://login.example" };
        await environment(world, { ...principal, ...own }, options).getToken(scope);
        return Array.isArray(assertionOf(formsOf(http)[0]).header.x5c);
      },
      expected: sent,
    }),
  ),
  {
    behaviour: "EnvironmentCredential reads the variables when it is made",
    async run(world) {
      const credential = environment(world, { ...principal, AZURE_CLIENT_SECRET: secret });
      world.env({ AZURE_CLIENT_SECRET: "changed", AZURE_CLIENT_ID: "changed", AZURE_TENANT_ID: "changed" });
      return claimsOf(await credential.getToken(scope)).appid;
    },
    expected: id,
  },
  {
    behaviour: "EnvironmentCredential refuses a tenant with a space when it is made",
    run: (world) => world.failure(() => environment(world, { AZURE_TENANT_ID: "a b" })),
    expected: failure("Error", "invalid tenant id"),
  },
  {
    behaviour: "EnvironmentCredential makes every failure an AuthenticationError with status 400",
    async run(world) {
      const credential = environment(world, { ...principal, AZURE_CLIENT_SECRET: "wrong" });
      const error = (await credential.getToken(scope).catch((reason: unknown) => reason)) as Record<string, unknown>;
      return { result: await world.failure(() => credential.getToken(scope)), statusCode: error.statusCode };
    },
    expected: {
      result: failure("AuthenticationError", "EnvironmentCredential authentication failed", "AADSTS7000215"),
      statusCode: 400,
    },
  },
  {
    behaviour: "EnvironmentCredential has Entra's words in errorResponse",
    async run(world) {
      const credential = environment(world, { ...principal, AZURE_CLIENT_SECRET: "wrong" });
      const error = (await credential.getToken(scope).catch((reason: unknown) => reason)) as Record<string, unknown>;
      return error.errorResponse;
    },
    expected: expect.objectContaining({
      error: expect.stringContaining("EnvironmentCredential authentication failed"),
      errorDescription: expect.stringContaining("AADSTS7000215"),
    }),
  },
  {
    behaviour: "EnvironmentCredential with a certificate file that does not exist is an AuthenticationError",
    run: (world) =>
      world.failure(() =>
        environment(world, { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: "/nowhere/client.pem" }).getToken(scope),
      ),
    expected: failure("AuthenticationError", "EnvironmentCredential authentication failed", "/nowhere/client.pem"),
  },
  {
    behaviour: "EnvironmentCredential refuses another tenant",
    run: (world) =>
      world.failure(() =>
        environment(world, { ...principal, AZURE_CLIENT_SECRET: secret }).getToken(scope, { tenantId: fabrikam }),
      ),
    expected: failure("AuthenticationError", "not configured to acquire tokens for tenant"),
  },
  ...[fabrikam, `third.example;${fabrikam}`, "*"].map(
    (value): Row => ({
      behaviour: `AZURE_ADDITIONALLY_ALLOWED_TENANTS=${value} allows a tenant`,
      async run(world) {
        const own = { AZURE_CLIENT_SECRET: secret, AZURE_ADDITIONALLY_ALLOWED_TENANTS: value };
        return claimsOf(await environment(world, { ...principal, ...own }).getToken(scope, { tenantId: fabrikam })).tid;
      },
      expected: fabrikam,
    }),
  ),
  {
    behaviour: "The option additionallyAllowedTenants counts in place of AZURE_ADDITIONALLY_ALLOWED_TENANTS",
    run: (world) => {
      const own = { AZURE_CLIENT_SECRET: secret, AZURE_ADDITIONALLY_ALLOWED_TENANTS: "*" };
      const credential = environment(
        world,
        { ...principal, ...own },
        { additionallyAllowedTenants: ["third.example"] },
      );
      return world.failure(() => credential.getToken(scope, { tenantId: fabrikam }));
    },
    expected: failure("AuthenticationError", "not configured to acquire tokens for tenant"),
  },
]);

/**
 * What the classes have besides `@azure/identity`, each with what a program sees there in its
 * place.
 */
import { readFileSync } from "node:fs";
import { compare, type Row } from "./compare.ts";
import { ann, app, contoso, desktop, scope, secret } from "./directory.ts";
import { recordHttp } from "./recorded-http.ts";
import { claimsOf, requestCount } from "./wire.ts";
import type { LooseCredential, World } from "./world.ts";

const chosen = "choose the members of `DefaultAzureCredential`";
const expiresOn = "2090-01-01T00:00:00Z";

const members = [
  ["excludeEnvironmentCredential", "environment"],
  ["excludeWorkloadIdentityCredential", "pod"],
  ["excludeManagedIdentityCredential", "host"],
  ["excludeVisualStudioCodeCredential", undefined],
  ["excludeAzureCliCredential", "az"],
  ["excludeAzurePowerShellCredential", "pwsh"],
  ["excludeAzureDeveloperCliCredential", "azd"],
] as const;
type Option = (typeof members)[number][0];

/** A machine on which every member of the chain but that of Visual Studio Code has a token. */
async function everything(
  world: World,
  options: { readonly excludeWorkloadIdentityCredential?: boolean },
): Promise<LooseCredential> {
  world.install("az", { stdout: { accessToken: "az", expires_on: 4_000_000_000 } });
  world.install("pwsh", { stdout: { Token: "pwsh", ExpiresOn: expiresOn } });
  world.install("azd", { stdout: { token: "azd", expiresOn } });
  world.env({
    AZURE_TENANT_ID: contoso,
    AZURE_CLIENT_ID: app.clientId,
    AZURE_CLIENT_SECRET: secret,
    // a managed identity takes a pod's token file for its own, as with the peer
    AZURE_FEDERATED_TOKEN_FILE: options.excludeWorkloadIdentityCredential ? undefined : world.file("token", "a.b.c"),
    IDENTITY_ENDPOINT: "http://10.0.0.1:8081/msi/token",
    IDENTITY_HEADER: "a header",
  });
  return world.create("DefaultAzureCredential", { httpClient: recordHttp(answer).client, ...options });
}

const metadata = (tenant: string) => ({
  issuer: `${tenant}/v2.0`,
  token_endpoint: `${tenant}/oauth2/v2.0/token`,
  authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
  jwks_uri: `${tenant}/keys`,
});

/** A token that is named after the one who has asked for it. */
function answer({ url, body }: { readonly url: string; readonly body?: unknown }) {
  if (url.startsWith("http://10.0.0.1"))
    return { body: { access_token: "host", expires_on: String(Math.floor(Date.now() / 1000) + 86_000) } };
  if (url.includes("openid-configuration")) return { body: metadata(url.slice(0, url.indexOf("/v2.0"))) };
  const by = String(body).includes("client_assertion=a.b.c") ? "pod" : "environment";
  return { body: { access_token: by, expires_in: 3600, token_type: "Bearer" } };
}

/**
 * The tokens that a chain has while its members are left out one after another, and why it has none
 * in the end.
 */
async function withoutOneAfterAnother(world: World) {
  const options: Partial<Record<Option, boolean>> = {};
  const tokens: string[] = [];
  for (const [option, token] of members) {
    if (token !== undefined) tokens.push((await (await everything(world, options)).getToken(scope)).token);
    options[option] = true;
  }
  const all = { ...options, excludeBrokerCredential: true };
  const last = await everything(world, all);
  const failure = await world.failure(() => last.getToken(scope));
  return { tokens, failure: typeof failure === "object" ? failure.name : "none" };
}

const included = { excludeWorkloadIdentityCredential: false, excludeEnvironmentCredential: false };

/** The names of the members in the error of a chain without any token. */
async function failedMembers(world: World, options: object) {
  world.env({ IDENTITY_ENDPOINT: "http://10.0.0.1:8081/msi/token", IDENTITY_HEADER: "a header" });
  const http = recordHttp(() => ({ status: 400, body: { error: "invalid_request" } }));
  const credential = world.create("DefaultAzureCredential", { httpClient: http.client, ...options });
  const error = (await credential.getToken(scope).catch((reason: unknown) => reason)) as { errors: Error[] };
  return error.errors.map(({ message }) => /[A-Z]\w+Credential\b/.exec(message)?.[0] ?? "another");
}

const chains: readonly Row[] = [
  {
    behaviour: "DefaultAzureCredential leaves out the members that exclude options name",
    run: withoutOneAfterAnother,
    expected: { tokens: Array(6).fill("environment"), failure: "none" },
    ours: {
      expected: {
        tokens: ["environment", "pod", "host", "az", "pwsh", "azd"],
        failure: "AggregateAuthenticationError",
      },
      documented: chosen,
    },
    fresh: true,
  },
  {
    behaviour: "DefaultAzureCredential has a member with the value false for its exclude option",
    run: async (world) => (await (await everything(world, included)).getToken(scope)).token,
    expected: "environment",
    fresh: true,
  },
  {
    behaviour: "includeInteractiveBrowserCredential adds the browser at the end of the chain",
    run: async (world) =>
      (await failedMembers(world, { includeInteractiveBrowserCredential: true })).includes(
        "InteractiveBrowserCredential",
      ),
    expected: false,
    ours: { expected: true, documented: chosen },
    fresh: true,
  },
  {
    behaviour: "includeInteractiveBrowserCredential works with AZURE_TOKEN_CREDENTIALS=dev, too",
    run: async (world) => {
      world.env({ AZURE_TOKEN_CREDENTIALS: "dev" });
      const failed = await failedMembers(world, { includeInteractiveBrowserCredential: true });
      return failed.includes("InteractiveBrowserCredential");
    },
    expected: false,
    ours: { expected: true, documented: chosen },
    fresh: true,
  },
];

/** What a call of a credential comes to. */
const outcomeOf = (credential: LooseCredential): Promise<unknown> =>
  credential.getToken(scope).then(
    () => "a token",
    ({ name, code }) => [name, code],
  );

type Extended = LooseCredential & {
  getTokenInfo?(scopes: unknown): Promise<object>;
  close?(): Promise<void>;
  [Symbol.asyncDispose]?(): Promise<void>;
};
const application = (world: World, own: object = {}): Extended =>
  world.create("ClientSecretCredential", contoso, app.clientId, secret, { ...world.entra, ...own });

const methods: readonly Row[] = [
  {
    behaviour: "getTokenInfo returns a token with the fields of azure-identity for Python",
    async run(world) {
      const credential = application(world);
      const { token, expiresOnTimestamp } = await credential.getToken(scope);
      const info = (await credential.getTokenInfo?.(scope)) as Readonly<Record<string, unknown>> | undefined;
      return info && { ...info, token: info.token === token, expiresOn: info.expiresOn === expiresOnTimestamp };
    },
    expected: undefined,
    ours: {
      expected: { token: true, tokenType: "Bearer", expiresOn: true, refreshOn: undefined },
      documented: "`getTokenInfo()`",
    },
  },
  {
    behaviour: "close ends a credential, whose later calls reject as closed",
    async run(world) {
      const credential = application(world);
      await credential.getToken(scope);
      await credential.close?.();
      return outcomeOf(credential);
    },
    expected: "a token",
    ours: { expected: ["AbortError", "closed"], documented: "`close()`, `await using`" },
  },
  {
    behaviour: "await using ends a credential",
    async run(world) {
      const credential = application(world);
      await credential.getToken(scope);
      await credential[Symbol.asyncDispose]?.();
      return outcomeOf(credential);
    },
    expected: "a token",
    ours: { expected: ["AbortError", "closed"], documented: "`close()`, `await using`" },
  },
  {
    behaviour: "shareTokens: false requests a token for each credential",
    async run(world) {
      for (const own of [{ shareTokens: false }, { shareTokens: false }]) await application(world, own).getToken(scope);
      return requestCount(world.emulator);
    },
    expected: 2,
  },
  {
    behaviour: "Credentials with the same settings share one token",
    async run(world) {
      for (const own of [{}, {}]) await application(world, own).getToken(scope);
      return requestCount(world.emulator);
    },
    expected: 2,
    ours: { expected: 1, documented: "they share one token" },
  },
];

const keyStores = new URL("../../../plugin-entra/test/certificates/", import.meta.url);
const readKeyStore = (name: string) => readFileSync(new URL(name, keyStores));

/** Authenticates with a PKCS#12 file of the application. */
async function withKeyStore(world: World, configuration: object): Promise<unknown> {
  const [certificate = ""] =
    /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(readKeyStore("pkcs8.pem").toString()) ?? [];
  world.emulator.credentials.add({ certificate });
  const credential = world.create("ClientCertificateCredential", contoso, app.clientId, configuration, world.entra);
  return credential.getToken(scope).then(
    (token) => claimsOf(token).appid,
    ({ name }) => name,
  );
}

const certificates: readonly Row[] = [
  {
    behaviour: "ClientCertificateCredential takes a PKCS#12 file with its password",
    run: (world) => {
      const certificatePath = new URL("modern.pfx", keyStores).pathname;
      return withKeyStore(world, { certificatePath, certificatePassword: "open sesame" });
    },
    expected: "Error",
    ours: { expected: app.clientId, documented: "| a PKCS#12 file" },
  },
  {
    behaviour: "ClientCertificateCredential takes the text of a PKCS#12 file in base64",
    run: (world) => {
      const certificate = readKeyStore("modern.pfx").toString("base64");
      return withKeyStore(world, { certificate, certificatePassword: "open sesame" });
    },
    expected: "Error",
    ours: { expected: app.clientId, documented: "| a PKCS#12 file" },
  },
];

type Names = Readonly<Record<string, unknown>>;
const names: readonly Row[] = (
  [
    ["CertificateCredential", "ClientCertificateCredential"],
    ["ClientAuthenticationError", "AuthenticationError"],
  ] as const
).map(([alias, name]) => ({
  behaviour: `${alias} is another name of ${name}`,
  run: ({ identity }) => (identity as unknown as Names)[alias] === identity[name],
  expected: false,
  ours: { expected: true, documented: `\`${alias}\`` },
}));

const prompts: readonly Row[] = [
  {
    behaviour: "userPromptCallback gets the time at which its code expires",
    async run(world) {
      let info: Readonly<Record<string, unknown>> = {};
      world.emulator.faults.add({ path: "devicecode", rewrite: { interval: 0 } });
      const userPromptCallback = (given: Readonly<Record<string, unknown>>) => {
        info = given;
        world.emulator.approveDevices(ann.username);
      };
      const options = { ...world.entra, tenantId: contoso, clientId: desktop.clientId, userPromptCallback };
      await world.create("DeviceCodeCredential", options).getToken(scope);
      const { expiresOnTimestamp } = info;
      return typeof expiresOnTimestamp === "number" && Math.abs(expiresOnTimestamp - Date.now() - 900_000) < 60_000;
    },
    expected: false,
    ours: { expected: true, documented: "`expiresOnTimestamp` in `userPromptCallback`" },
  },
];

compare("Additions", [...chains, ...methods, ...certificates, ...names, ...prompts]);

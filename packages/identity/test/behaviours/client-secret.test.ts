import { expect } from "vitest";
import { compare } from "./compare.ts";
import { app, contoso, fabrikam, otherScope, scope, secret } from "./directory.ts";
import { errorOf, failure } from "./failure.ts";
import { answerAsEntra, recordHttp } from "./recorded-http.ts";
import { claimsOf, requestCount, tokenRequests } from "./wire.ts";
import type { LooseCredential, World } from "./world.ts";

const id = app.clientId;
const secretCredential = ({ create, entra }: World, options: object = {}, given = secret): LooseCredential =>
  create("ClientSecretCredential", contoso, id, given, { ...entra, ...options });
const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1603742800" } } });
const form = { client_id: id, client_secret: "***", grant_type: "client_credentials", scope: [scope] };

/** The URLs that a credential requests when nothing but its own HTTP client answers. */
async function urlsOf(world: World, options: object, variables: Readonly<Record<string, string>> = {}) {
  const http = recordHttp();
  world.env(variables);
  await world
    .create("ClientSecretCredential", contoso, id, secret, { httpClient: http.client, ...options })
    .getToken(scope);
  return http.tokenUrls();
}

const missesTenant = failure("CredentialUnavailableError", "not configured to acquire tokens for tenant", fabrikam);

compare("ClientSecretCredential", [
  {
    behaviour: "A token has text, expiry in milliseconds and type",
    async run(world) {
      const before = Date.now();
      const token = await secretCredential(world).getToken(scope);
      const { expiresOnTimestamp } = token;
      return {
        fields: Object.keys(JSON.parse(JSON.stringify(token))).sort(),
        type: token.tokenType,
        text: typeof token.token,
        valid: expiresOnTimestamp > before + 3_500_000 && expiresOnTimestamp < before + 3_700_000,
        whole: Number.isInteger(expiresOnTimestamp),
      };
    },
    expected: {
      fields: ["expiresOnTimestamp", "token", "tokenType"],
      type: "Bearer",
      text: "string",
      valid: true,
      whole: true,
    },
  },
  {
    behaviour: "A token tells when to refresh it where Entra does",
    async run(world) {
      world.emulator.faults.add({ path: "token", rewrite: { refresh_in: "1800" } });
      const before = Date.now();
      const { refreshAfterTimestamp = 0 } = await secretCredential(world).getToken(scope);
      return Math.abs(refreshAfterTimestamp - before - 1_800_000) < 60_000;
    },
    expected: true,
  },
  {
    behaviour: "A token is that of the application",
    run: async (world) => claimsOf(await secretCredential(world).getToken(scope)),
    expected: expect.objectContaining({ appid: id, tid: contoso, aud: "https://vault.azure.net" }),
  },
  {
    behaviour: "The request has the grant of client credentials",
    async run(world) {
      await secretCredential(world).getToken(scope);
      return tokenRequests(world.emulator);
    },
    expected: [{ tenant: contoso, ...form }],
  },
  {
    behaviour: "A scope may be a text or an array",
    async run(world) {
      const credential = secretCredential(world);
      await credential.getToken([scope]);
      await credential.getToken(scope);
      return tokenRequests(world.emulator);
    },
    expected: [{ tenant: contoso, ...form }],
  },
  {
    behaviour: "A double slash in a scope stays",
    async run(world) {
      await secretCredential(world).getToken("https://vault.azure.net//.default");
      return tokenRequests(world.emulator).map(({ scope }) => scope);
    },
    expected: [["https://vault.azure.net//.default"]],
  },
  {
    behaviour: "A scope without /.default is sent as it is, and what Entra says is the error",
    async run(world) {
      const result = await world.failure(() => secretCredential(world).getToken("https://vault.azure.net"));
      return { result, sent: tokenRequests(world.emulator).map(({ scope }) => scope) };
    },
    expected: {
      result: failure("AuthenticationRequiredError", "AADSTS1002012"),
      sent: [["https://vault.azure.net"]],
    },
    ours: {
      expected: { result: "no failure", sent: [["https://vault.azure.net/.default"]] },
      documented: "`/.default` is added for applications",
    },
  },
  {
    behaviour: "A second call gets the token from memory",
    async run(world) {
      const credential = secretCredential(world);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "Another scope is another request",
    async run(world) {
      const credential = secretCredential(world);
      await credential.getToken(scope);
      await credential.getToken(otherScope);
      await credential.getToken(scope);
      return requestCount(world.emulator);
    },
    expected: 2,
  },
  {
    behaviour: "A token that expires within five minutes is requested again",
    async run(world) {
      world.emulator.faults.add({ path: "token", rewrite: { expires_in: "200" } });
      const credential = secretCredential(world);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: false, requests: 2 },
    ours: { expected: { same: true, requests: 1 }, documented: "is refreshed beside its callers" },
  },
  {
    behaviour: "Changing a token changes no later one",
    async run(world) {
      const credential = secretCredential(world);
      const first = await credential.getToken(scope);
      const { token } = first;
      first.token = "changed";
      first.expiresOnTimestamp = 0;
      const second = await credential.getToken(scope);
      return [second.token === token, second.expiresOnTimestamp > 0];
    },
    expected: [true, true],
  },
  {
    behaviour: "JSON of a token has its text",
    async run(world) {
      const token = await secretCredential(world).getToken(scope);
      return JSON.parse(JSON.stringify(token)).token === token.token;
    },
    expected: true,
  },
  {
    behaviour: "Options are not changed",
    async run(world) {
      const options = Object.freeze({ ...world.entra, additionallyAllowedTenants: Object.freeze([fabrikam]) });
      const perCall = Object.freeze({ tenantId: fabrikam, requestOptions: Object.freeze({ timeout: 5000 }) });
      await world.create("ClientSecretCredential", contoso, id, secret, options).getToken(scope, perCall);
      return tokenRequests(world.emulator).map(({ tenant }) => tenant);
    },
    expected: [fabrikam],
  },
  {
    behaviour: "Another tenant is refused",
    run: (world) => world.failure(() => secretCredential(world).getToken(scope, { tenantId: fabrikam })),
    expected: missesTenant,
  },
  {
    behaviour: "The refusal of a tenant names additionallyAllowedTenants and *",
    run: (world) => world.failure(() => secretCredential(world).getToken(scope, { tenantId: fabrikam })),
    expected: failure("CredentialUnavailableError", "AdditionallyAllowedTenants", "*", "any tenant"),
  },
  {
    behaviour: "Another tenant is refused where a third one is allowed",
    run: (world) =>
      world.failure(() =>
        secretCredential(world, { additionallyAllowedTenants: ["third.example"] }).getToken(scope, {
          tenantId: fabrikam,
        }),
      ),
    expected: missesTenant,
  },
  ...[[fabrikam], ["*"], ["third.example", "*"]].map((additionallyAllowedTenants) => ({
    behaviour: `A tenant is allowed by ${JSON.stringify(additionallyAllowedTenants)}`,
    async run(world: World) {
      const token = await secretCredential(world, { additionallyAllowedTenants }).getToken(scope, {
        tenantId: fabrikam,
      });
      return claimsOf(token).tid;
    },
    expected: fabrikam,
  })),
  {
    behaviour: "The credential's own tenant is always allowed",
    run: async (world) => claimsOf(await secretCredential(world).getToken(scope, { tenantId: contoso })).tid,
    expected: contoso,
  },
  {
    behaviour: "Tokens of two tenants are kept apart",
    async run(world) {
      const credential = secretCredential(world, { additionallyAllowedTenants: ["*"] });
      const tenants = [undefined, fabrikam, undefined, fabrikam];
      const tids: unknown[] = [];
      for (const tenantId of tenants) tids.push(claimsOf(await credential.getToken(scope, { tenantId })).tid);
      return { tids, requests: requestCount(world.emulator) };
    },
    expected: { tids: [contoso, fabrikam, contoso, fabrikam], requests: 2 },
  },
  {
    behaviour: "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH ignores the tenant of a request",
    async run(world) {
      world.env({ AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "true" });
      return claimsOf(await secretCredential(world).getToken(scope, { tenantId: fabrikam })).tid;
    },
    expected: contoso,
  },
  {
    behaviour: "Options of undefined are those of a call without options",
    async run(world) {
      const options = { tenantId: undefined, claims: undefined, enableCae: undefined, abortSignal: undefined };
      const { token } = await secretCredential(world).getToken(scope, options);
      return { type: typeof token, requests: tokenRequests(world.emulator) };
    },
    expected: { type: "string", requests: [{ tenant: contoso, ...form }] },
  },
  {
    behaviour: "enableCae announces the capability cp1",
    async run(world) {
      const token = await secretCredential(world).getToken(scope, { enableCae: true });
      return { capabilities: claimsOf(token).xms_cc, claims: tokenRequests(world.emulator)[0]?.claims };
    },
    expected: { capabilities: ["cp1"], claims: { access_token: { xms_cc: { values: ["cp1"] } } } },
  },
  {
    behaviour: "Tokens with and without CAE are kept apart",
    async run(world) {
      const credential = secretCredential(world);
      await credential.getToken(scope);
      await credential.getToken(scope, { enableCae: true });
      await credential.getToken(scope);
      await credential.getToken(scope, { enableCae: true });
      return requestCount(world.emulator);
    },
    expected: 2,
  },
  {
    behaviour: "A claims challenge is another request, with the claims",
    async run(world) {
      const credential = secretCredential(world);
      const first = await credential.getToken(scope, { enableCae: true });
      const second = await credential.getToken(scope, { enableCae: true, claims });
      return { same: first.token === second.token, claims: tokenRequests(world.emulator)[1]?.claims };
    },
    expected: {
      same: false,
      claims: {
        access_token: { nbf: { essential: true, value: "1603742800" }, xms_cc: { values: ["cp1"] } },
      },
    },
  },
  {
    behaviour: "Claims without CAE are sent without the capability",
    async run(world) {
      await secretCredential(world).getToken(scope, { claims });
      return tokenRequests(world.emulator)[0]?.claims;
    },
    expected: JSON.parse(claims),
  },
  {
    behaviour: "A wrong secret is an AuthenticationRequiredError with Entra's words",
    run: (world) => world.failure(() => secretCredential(world, {}, "wrong").getToken(scope)),
    expected: failure("AuthenticationRequiredError", "invalid_client", "AADSTS7000215"),
  },
  {
    behaviour: "The error of a wrong secret has scopes, options and a cause",
    async run(world) {
      const error = (await errorOf(() => secretCredential(world, {}, "wrong").getToken(scope))) as Record<
        string,
        unknown
      >;
      return { scopes: error.scopes, options: typeof error.getTokenOptions, cause: error.cause instanceof Error };
    },
    expected: { scopes: [scope], options: "object", cause: true },
  },
  {
    behaviour: "An error is not remembered",
    async run(world) {
      const credential = secretCredential(world);
      world.emulator.faults.add({ path: "token", error: 7_000_215 });
      const first = await world.failure(() => credential.getToken(scope));
      return [first, typeof (await credential.getToken(scope)).token];
    },
    expected: [failure("AuthenticationRequiredError", "AADSTS7000215"), "string"],
  },
  {
    behaviour: "An unknown tenant is an error with Entra's words",
    run: (world) =>
      world.failure(() =>
        world
          .create("ClientSecretCredential", "00000000-1111-4222-8333-444444444444", id, secret, world.entra)
          .getToken(scope),
      ),
    expected: expect.objectContaining({ name: expect.stringMatching(/Error$/) }),
  },
  {
    behaviour: "Errors contain no secret",
    async run(world) {
      const error = (await errorOf(() => secretCredential(world, {}, "wr0ng-s3cret").getToken(scope))) as Error;
      return /wr0ng-s3cret/.test(`${error.message}${error.stack}${JSON.stringify(error)}`);
    },
    expected: false,
  },
  {
    behaviour: "A server error without retries is an error",
    async run(world) {
      world.emulator.faults.add({ path: "token", times: 9, status: 500, body: "<h1>Oh</h1>" });
      const result = await world.failure(() => secretCredential(world).getToken(scope));
      return typeof result === "object" && result.name;
    },
    expected: "AuthenticationRequiredError",
  },
  {
    behaviour: "A response that is no JSON is an error that quotes its status",
    async run(world) {
      world.emulator.faults.add({ path: "token", times: 9, status: 400, body: "<h1>Oh</h1>" });
      return world.failure(() => secretCredential(world).getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "400"),
  },
  {
    behaviour: "retryOptions are the number of retries",
    async run(world) {
      world.emulator.faults.add({ path: "token", times: 2, status: 503, headers: { "Retry-After": "0" } });
      const retryOptions = { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 1 };
      const { token } = await secretCredential(world, { retryOptions }).getToken(scope);
      return { type: typeof token, statuses: world.emulator.requests.to("/token").map(({ status }) => status) };
    },
    expected: { type: "string", statuses: [503, 503, 200] },
  },
  {
    behaviour: "retryOptions with no retries send one request",
    async run(world) {
      world.emulator.faults.add({ path: "token", times: 9, status: 503, headers: { "Retry-After": "0" } });
      await world.failure(() => secretCredential(world).getToken(scope));
      return requestCount(world.emulator);
    },
    expected: 1,
  },
  {
    behaviour: "The authority is in the URL of the request, with or without a slash at its end",
    run: async (world) => [
      await urlsOf(world, { authorityHost: "https://login.example", disableInstanceDiscovery: true }),
      await urlsOf(world, { authorityHost: "https://login.example/", disableInstanceDiscovery: true }),
    ],
    expected: [
      [`https://login.example/${contoso}/oauth2/v2.0/token`],
      [`https://login.example/${contoso}/oauth2/v2.0/token`],
    ],
  },
  {
    behaviour: "AZURE_AUTHORITY_HOST is the default of authorityHost",
    run: (world) =>
      urlsOf(world, { disableInstanceDiscovery: true }, { AZURE_AUTHORITY_HOST: "https://login.example" }),
    expected: [`https://login.example/${contoso}/oauth2/v2.0/token`],
  },
  {
    behaviour: "authorityHost counts more than AZURE_AUTHORITY_HOST",
    run: (world) =>
      urlsOf(
        world,
        { authorityHost: "https://one.example", disableInstanceDiscovery: true },
        { AZURE_AUTHORITY_HOST: "https://two.example" },
      ),
    expected: [`https://one.example/${contoso}/oauth2/v2.0/token`],
  },
  {
    behaviour: "The authority is the public cloud by default",
    run: (world) => urlsOf(world, {}),
    expected: [`https://login.microsoftonline.com/${contoso}/oauth2/v2.0/token`],
  },
  {
    behaviour: "AzureAuthorityHosts are authorities",
    async run(world) {
      const { AzureAuthorityHosts: hosts } = world.identity;
      const urls: unknown[] = [];
      for (const authorityHost of [hosts.AzureChina, hosts.AzureGovernment]) {
        urls.push(...(await urlsOf(world, { authorityHost })));
      }
      return urls;
    },
    expected: [
      // two names of one host
      expect.stringMatching(/^https:\/\/login\.(partner\.microsoftonline|chinacloudapi)\.cn\//),
      `https://login.microsoftonline.us/${contoso}/oauth2/v2.0/token`,
    ],
  },
  {
    behaviour: "AZURE_REGIONAL_AUTHORITY_NAME sends requests to the region",
    run: (world) => urlsOf(world, {}, { AZURE_REGIONAL_AUTHORITY_NAME: "westus" }),
    expected: [`https://westus.login.microsoft.com/${contoso}/oauth2/v2.0/token`],
  },
  {
    behaviour: "An authority that is not known is looked up at the public cloud before it gets a secret",
    async run(world) {
      const http = recordHttp();
      const own = { httpClient: http.client, authorityHost: "https://login.example" };
      await world.create("ClientSecretCredential", contoso, id, secret, own).getToken(scope);
      return http.urls()[0];
    },
    expected: "https://login.microsoftonline.com/common/discovery/instance",
  },
  {
    behaviour: "disableInstanceDiscovery looks up no authority",
    async run(world) {
      const http = recordHttp();
      const own = { httpClient: http.client, authorityHost: "https://login.example", disableInstanceDiscovery: true };
      await world.create("ClientSecretCredential", contoso, id, secret, own).getToken(scope);
      return http.urls().filter((url) => !url.startsWith("https://login.example/"));
    },
    expected: [],
  },
  {
    behaviour: "An authority that the public cloud does not know gets no secret",
    async run(world) {
      const http = recordHttp((request) =>
        request.url.includes("/discovery/instance")
          ? {
              status: 400,
              body: { error: "invalid_instance", error_description: "AADSTS50049: Unknown or invalid instance." },
            }
          : answerAsEntra(request),
      );
      const own = { httpClient: http.client, authorityHost: "https://login.example", retryOptions: { maxRetries: 0 } };
      const result = await world.failure(() =>
        world.create("ClientSecretCredential", contoso, id, secret, own).getToken(scope),
      );
      return { failed: typeof result === "object", sent: http.tokenUrls() };
    },
    expected: { failed: true, sent: [] },
  },
  {
    behaviour: "Claims that are no JSON are refused before a request",
    async run(world) {
      const credential = world.create("ClientSecretCredential", contoso, app.clientId, secret, world.entra);
      const result = await world.failure(() => credential.getToken(scope, { claims: "no JSON", enableCae: true }));
      return { result, sent: requestCount(world.emulator) };
    },
    expected: { result: failure("ClientConfigurationError", "claims"), sent: 0 },
  },
  {
    behaviour: "Several scopes are one request, which Entra refuses",
    async run(world) {
      const credential = world.create("ClientSecretCredential", contoso, app.clientId, secret, world.entra);
      const several = [scope, "https://vault.azure.net/secrets.read"];
      return { result: await world.failure(() => credential.getToken(several)), sent: requestCount(world.emulator) };
    },
    expected: { result: failure("AuthenticationRequiredError", "AADSTS"), sent: 1 },
    ours: {
      expected: { result: failure("ClientConfigurationError", "one resource at a time"), sent: 0 },
      documented: "an application requests several scopes",
    },
  },
  {
    behaviour: "A token without a lifetime expires at once",
    async run(world) {
      const http = recordHttp((request) => {
        const answer = answerAsEntra(request);
        return new URL(request.url).pathname.endsWith("/token")
          ? { body: { ...Object(answer.body), expires_in: undefined } }
          : answer;
      });
      const options = { httpClient: http.client, retryOptions: { maxRetries: 0 } };
      const credential = world.create("ClientSecretCredential", contoso, app.clientId, secret, options);
      return credential.getToken(scope).then(
        ({ expiresOnTimestamp }) => Math.abs(expiresOnTimestamp - Date.now()) < 60_000,
        ({ name, code }) => [name, code],
      );
    },
    expected: true,
    ours: {
      expected: ["AuthenticationRequiredError", "invalid-token-response"],
      documented: "a token response without `expires_in`",
    },
  },
  {
    behaviour: "proofOfPossessionOptions without a broker have no effect",
    async run(world) {
      const credential = world.create("ClientSecretCredential", contoso, app.clientId, secret, world.entra);
      const proofOfPossessionOptions = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a" };
      return credential.getToken(scope, { proofOfPossessionOptions }).then(
        ({ tokenType }) => tokenType,
        ({ name }) => name,
      );
    },
    expected: "Bearer",
    ours: { expected: "AuthenticationRequiredError", documented: "`proofOfPossessionOptions` without a broker" },
  },
  {
    behaviour: "The tenant adfs is AD FS, whose authority has a path of its own",
    async run(world) {
      const http = recordHttp();
      const options = { httpClient: http.client, authorityHost: "https://adfs.example" };
      const credential = world.create("ClientSecretCredential", "adfs", app.clientId, secret, options);
      const result = await world.failure(() => credential.getToken(scope));
      return { result, urls: http.tokenUrls() };
    },
    expected: { result: "no failure", urls: ["https://adfs.example/adfs/oauth2/v2.0/token"] },
    ours: {
      expected: { result: failure("AuthenticationRequiredError", "Federation Services"), urls: [] },
      documented: "| the tenant `adfs`",
    },
  },
  {
    behaviour: "httpClient answers all requests",
    async run(world) {
      const http = recordHttp();
      const token = await world
        .create("ClientSecretCredential", contoso, id, secret, { httpClient: http.client })
        .getToken(scope);
      return token.token;
    },
    expected: "a-token",
  },
  {
    behaviour: "additionalPolicies see the requests",
    async run(world) {
      const seen: unknown[] = [];
      const policy = {
        name: "mine",
        sendRequest(
          request: { url: string; headers: { set(n: string, v: string): void } },
          next: (r: unknown) => unknown,
        ) {
          seen.push(new URL(request.url).pathname.split("/").at(-1));
          request.headers.set("x-mine", "yes");
          return next(request);
        },
      };
      await secretCredential(world, { additionalPolicies: [{ policy, position: "perCall" }] }).getToken(scope);
      return { seen: seen.at(-1), header: world.emulator.requests.to("/token")[0]?.headers["x-mine"] };
    },
    expected: { seen: "token", header: "yes" },
  },
  {
    behaviour: "userAgentOptions have a prefix",
    async run(world) {
      const userAgentOptions = { userAgentPrefix: "my-app/1.0" };
      await secretCredential(world, { userAgentOptions }).getToken(scope);
      const agent = world.emulator.requests.to("/token")[0]?.headers["user-agent"] ?? "";
      return agent.startsWith("my-app/1.0 ");
    },
    expected: true,
  },
  {
    behaviour: "Two secrets have two tokens",
    async run(world) {
      await secretCredential(world).getToken(scope);
      return world.failure(() => secretCredential(world, {}, "wrong").getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "AADSTS7000215"),
  },
]);

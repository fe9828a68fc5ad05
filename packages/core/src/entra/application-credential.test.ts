import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { RetryTable, SourceContext } from "../contract/context.ts";
import type { HttpRequest } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createRetry } from "../services/retry.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createFakeHttp, type FakeReply } from "../test-kit/fake-http.ts";
import { createTestContext, createTestRequest } from "../test-kit/test-context.ts";
import { type ApplicationCredentialSettings, createApplicationCredential } from "./application-credential.ts";
import type { ClientAuthentication } from "./client-credential.ts";
import { onBehalfOf } from "./on-behalf-of.ts";

const token = { body: JSON.stringify({ token_type: "Bearer", access_token: "opaque", expires_in: 3599 }) };
const expired = {
  status: 401,
  body: JSON.stringify({ error: "invalid_client", error_description: "AADSTS700024: No.", error_codes: [700024] }),
};

function credentialOf(
  context: Partial<SourceContext>,
  settings: ApplicationCredentialSettings = {},
  clientAuthentication: ClientAuthentication = async () => ({ secret: "canary-secret" }),
) {
  const application = { sourceName: "client-secret", tenantId: "contoso.com", clientId: "app", clientAuthentication };
  return createApplicationCredential(() => application, { ...createTestContext(), ...context }, settings);
}

const form = (request: HttpRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));
const tenantOf = (url: string | undefined) => new URL(url ?? "").pathname.split("/")[1];

/** The context with core's retries, on a clock that the test moves. */
function withRetries(...replies: readonly FakeReply[]) {
  const clock = createFakeClock();
  const http = createFakeHttp(...replies);
  return {
    clock,
    http,
    retry: createRetry(
      clock,
      () => 0,
      () => Number.POSITIVE_INFINITY,
    ),
  };
}

it("an application signs in to the tenant of the request, else to its own", async () => {
  const http = createFakeHttp(token);
  const credential = credentialOf({ http });
  expect(await credential.getToken(createTestRequest())).toMatchObject({
    token: "opaque",
    principal: { tenantId: "contoso.com", clientId: "app" },
  });
  await credential.getToken(createTestRequest({ tenantId: "fabrikam.com" }));
  expect(http.requests.map(({ url }) => tenantOf(url))).toEqual(["contoso.com", "fabrikam.com"]);
});

it.each([
  [{ tenantId: "common" }, "shared-tenant"],
  [{ tenantId: "../evil" }, "invalid-tenant"],
  [{ tenantId: "adfs" }, "adfs-unsupported"],
  [{ scopes: ["openid"] }, "invalid-scope"],
  [{ scopes: ["https://a.example/.default", "https://b.example/.default"] }, "invalid-scope"],
] as const)("a request of an application for %j is refused before anything is sent", async (given, code) => {
  const http = createFakeHttp(token);
  await expect(credentialOf({ http }).getToken(createTestRequest(given as object))).rejects.toMatchObject({ code });
  expect(http.requests).toHaveLength(0);
});

it("an application on behalf of a user sends the user's token and the scopes of users", async () => {
  const http = createFakeHttp(token);
  const request = createTestRequest({ scopes: ["User.Read", "openid"], userAssertion: "canary-of-the-user" });
  await credentialOf({ http }, { grant: onBehalfOf }).getToken(request);
  expect(form(http.requests[0])).toMatchObject({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: "canary-of-the-user",
    requested_token_use: "on_behalf_of",
    client_info: "1",
    scope: "User.Read openid profile offline_access",
  });
});

it("an application on behalf of no user is refused before anything is sent", async () => {
  const http = createFakeHttp(token);
  const asked = credentialOf({ http }, { grant: onBehalfOf }).getToken(createTestRequest());
  await expect(asked).rejects.toMatchObject({ code: "missing-user-assertion" });
  expect(http.requests).toHaveLength(0);
});

it.each([
  ["its own token", undefined],
  ["a token on behalf of a user", onBehalfOf],
])("an error of an application that asks for %s shows no secret that Entra echoes", async (_, grant) => {
  const echo = (request: HttpRequest) => ({
    status: 400,
    body: JSON.stringify({
      error: "invalid_request",
      error_description: `AADSTS900144: You sent ${request.body}, ${form(request).assertion} and canary-secret.`,
      error_uri: "https://evil.example/?canary-secret",
    }),
  });
  const request = createTestRequest({ userAssertion: "canary-of-the-user" });
  const error = await credentialOf({ http: createFakeHttp(echo) }, { grant })
    .getToken(request)
    .then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown,
    );
  expect(error).toMatchObject({ outcome: "rejected", code: "entra-refused" });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|evil/);
});

it("an application leaves retries to core, with at most four requests", async () => {
  const tables: RetryTable[] = [];
  const retry: SourceContext["retry"] = async (table, attempt) => {
    tables.push(table);
    return attempt(1);
  };
  await credentialOf({ http: createFakeHttp(token), retry }).getToken(createTestRequest());
  expect(tables).toEqual([{ statuses: [0, 408, 429, 500, 502, 503, 504], delaysMs: [500, 1000, 1500] }]);
});

it("each try of an application gets a client credential of its own", async () => {
  const context = withRetries({ status: 503 }, token);
  let made = 0;
  const asked = credentialOf(context, {}, async () => ({ assertion: `assertion-${++made}` })).getToken(
    createTestRequest(),
  );
  await context.clock.advance(500);
  await asked;
  expect(context.http.requests.map((request) => form(request).client_assertion)).toEqual([
    "assertion-1",
    "assertion-2",
  ]);
});

it.each([
  ["has no connection", outcomeError("unreachable", "No answer (ECONNRESET).")],
  ["gets an empty body", { body: "" }],
  ["gets half a JSON document", { body: '{"token_type":"Bearer","access_tok' }],
])("a request that %s is sent again", async (_, reply) => {
  const context = withRetries(reply, token);
  const asked = credentialOf(context).getToken(createTestRequest());
  await context.clock.advance(500);
  expect((await asked).token).toBe("opaque");
  expect(context.http.requests).toHaveLength(2);
});

it("a request that hangs costs ten seconds, and is then sent again", async () => {
  const context = withRetries("silence", token);
  const asked = credentialOf(context).getToken(createTestRequest());
  await context.clock.advance(9_999);
  expect(context.http.requests).toHaveLength(1);
  await context.clock.advance(501);
  expect((await asked).token).toBe("opaque");
  expect(context.http.requests).toHaveLength(2);
});

it("a web page instead of a token is final, and the message calls it a captive portal", async () => {
  const context = withRetries({ headers: { "content-type": "text/html" }, body: "<html>Welcome</html>" }, token);
  await expect(credentialOf(context).getToken(createTestRequest())).rejects.toMatchObject({
    code: "captive-portal",
    message: expect.stringContaining("captive portal"),
  });
  expect(context.http.requests).toHaveLength(1);
});

it("the fallback of a client credential is sent once after a refusal", async () => {
  const http = createFakeHttp(expired);
  const accepted: string[] = [];
  const authentication: ClientAuthentication = async () => ({
    assertion: "first",
    fallback: async ({ code }) =>
      code === "assertion-expired" ? { assertion: "second", onAccepted: () => accepted.push("second") } : undefined,
  });
  const credential = credentialOf({ http }, {}, authentication);
  await expect(credential.getToken(createTestRequest())).rejects.toMatchObject({ code: "assertion-expired" });
  expect(http.requests.map((request) => form(request).client_assertion)).toEqual(["first", "second"]);
  expect(accepted).toEqual([]);

  const works = createFakeHttp(expired, token);
  await credentialOf({ http: works }, {}, authentication).getToken(createTestRequest());
  expect(accepted).toEqual(["second"]);
});

it("an error names the region that does not answer", async () => {
  const env = { AZURE_REGIONAL_AUTHORITY_NAME: "westeuropee" };
  await expect(credentialOf({ env }).getToken(createTestRequest())).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("westeuropee"),
    remedy: expect.stringContaining("AZURE_REGIONAL_AUTHORITY_NAME"),
  });
});

it("the region's endpoint serves the client credentials grant, and no other", async () => {
  const env = { AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" };
  const http = createFakeHttp(token);
  await credentialOf({ env, http }).getToken(createTestRequest());
  await credentialOf({ env, http }, { grant: onBehalfOf }).getToken(createTestRequest({ userAssertion: "user" }));
  expect(http.requests.map(({ url }) => new URL(url).host)).toEqual([
    "westeurope.login.microsoft.com",
    "login.microsoftonline.com",
  ]);
});

it.each<[string, ClientAuthentication]>([
  [
    "the client credential",
    async () => {
      throw outcomeError("failed", "No.", { statusCode: 503 });
    },
  ],
  [
    "its fallback",
    async () => ({
      assertion: "canary",
      async fallback() {
        throw outcomeError("failed", "No.", { statusCode: 503 });
      },
    }),
  ],
])("a failure of %s is not tried again, because its source has tried again itself", async (_, authenticate) => {
  const { http, retry, clock } = withRetries(expired);
  let calls = 0;
  const counted: ClientAuthentication = (target) => {
    calls++;
    return authenticate(target);
  };
  const failed = credentialOf({ http, retry, clock }, {}, counted).getToken(createTestRequest());
  const caught = failed.catch((error: unknown) => error);
  await clock.advance(30_000);
  expect(await caught).toMatchObject({ outcome: "failed", statusCode: 503, message: "No." });
  expect(calls).toBe(1);
});

it.each([
  ["a number that says so", { error: "invalid_request", error_codes: [90033] }],
  ["the OAuth error that says so", { error: "temporarily_unavailable" }],
])("a token request that Entra answers once with status 400 and %s is sent again", async (_, fields) => {
  const context = withRetries({ status: 400, body: JSON.stringify(fields) }, token);
  const issued = credentialOf(context).getToken(createTestRequest());
  await context.clock.advance(10_000);
  expect((await issued).token).toBe("opaque");
  expect(context.http.requests).toHaveLength(2);
});

it("a token request of an application that a policy blocks is not sent again, and asks for no user", async () => {
  const blocked = { error: "invalid_grant", error_description: "AADSTS53003: Blocked.", error_codes: [53003] };
  const context = withRetries({ status: 400, body: JSON.stringify(blocked) });
  const failed = credentialOf(context).getToken(createTestRequest());
  await expect(failed).rejects.toMatchObject({ code: "conditional-access", outcome: "rejected" });
  await expect(failed).rejects.toThrow(
    'client-secret: "AADSTS53003: Blocked". A Conditional Access policy for workload',
  );
  expect(context.http.requests).toHaveLength(1);
});

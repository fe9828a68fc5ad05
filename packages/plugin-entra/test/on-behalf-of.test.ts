import { createIdentity } from "@azidentity/core";
import type { IdentityError } from "@azidentity/core/plugin";
import { createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { startEmulator } from "@azidentity/emulator";
import { createIdentities, errorOf, refusal, scope, tokenAnswer } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixturePath } from "./certificate-fixtures.ts";

const options = { tenantId: "contoso.com", clientId: "app", clientSecret: "canary-secret" };

/**
 * An identity over a token endpoint that answers so; by default with a token that names the user's
 * assertion.
 */
function setUp(reply?: FakeReply, given: object = options) {
  const http = createFakeHttp(
    reply ?? (({ body }) => tokenAnswer({ access_token: `for-${new URLSearchParams(body).get("assertion")}` })),
  );
  const identity = createIdentity(
    { config: false, plugins: [entra], additionallyAllowedTenants: ["fabrikam.com"] },
    { env: {}, http, random: () => 0 },
  );
  const forms = () => http.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { http, forms, credential: identity.credential("on-behalf-of", given) };
}

it("on-behalf-of exchanges the user's token with the credentials of the application", async () => {
  const { forms, credential } = setUp();
  const { token } = await credential.forUser("ann").getToken(scope, { enableCae: true });
  expect(token).toBe("for-ann");
  expect(forms()).toMatchObject([
    {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      requested_token_use: "on_behalf_of",
      assertion: "ann",
      client_id: "app",
      client_secret: "canary-secret",
    },
  ]);
  expect(forms()[0]?.scope?.split(" ")).toContain(scope);
  expect(JSON.parse(forms()[0]?.claims ?? "")).toMatchObject({ access_token: { xms_cc: { values: ["cp1"] } } });
});

it("on-behalf-of caches a token for each user, and never returns one user's token for another", async () => {
  const { http, credential } = setUp();
  const users = Array.from({ length: 200 }, (_, n) => `user${n % 10}`);
  const tokens = await Promise.all(users.map((user) => credential.forUser(user).getToken(scope)));
  expect(tokens.map(({ token }) => token)).toEqual(users.map((user) => `for-${user}`));
  for (const user of users) await credential.forUser(user).getToken(scope);
  expect(http.requests).toHaveLength(10);
});

it("on-behalf-of uses the tenant of the request if that is allowed", async () => {
  const { http, credential } = setUp();
  await credential.forUser("ann").getToken(scope, { tenantId: "FABRIKAM.com" });
  expect(new URL(http.requests[0]?.url ?? "").pathname).toBe("/fabrikam.com/oauth2/v2.0/token");
  expect(await errorOf(credential.forUser("ann").getToken(scope, { tenantId: "evil.example" }))).toMatchObject({
    code: "tenant-not-allowed",
  });
});

it("on-behalf-of accepts several scopes", async () => {
  const { forms, credential } = setUp();
  await credential.forUser("ann").getToken(["api://orders/read", "api://orders/write"]);
  expect(forms()[0]?.scope?.split(" ")).toEqual(expect.arrayContaining(["api://orders/read", "api://orders/write"]));
});

it("on-behalf-of returns the claims that the caller has to satisfy", async () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["guid"]}}}';
  const { credential } = setUp(refusal(50076, { error: "interaction_required", suberror: "basic_action", claims }));
  const error = await errorOf(credential.forUser("ann").getToken(scope));
  expect(error).toMatchObject({ outcome: "interaction-required", code: "conditional-access", claims });
});

it.each([
  [500133, "user-assertion-refused"],
  [500131, "user-assertion-refused"],
  [50013, "user-assertion-refused"],
])(
  "is refused with the user's token that is expired or foreign (%i), and asks no second time",
  async (number, code) => {
    const { http, credential } = setUp(refusal(number));
    const error = await errorOf(credential.forUser("canary-user").getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code });
    expect(error.message).not.toContain("canary");
    expect(http.requests).toHaveLength(1);
  },
);

describe("an emulator that validates the user's token", () => {
  it.each<[string, Parameters<typeof present>[0], string, string]>([
    ["takes it", async ({ user }) => user, "", ""],
    [
      "refuses one that is expired",
      async ({ emulator, user }) => {
        emulator.clock.advance(7_200_000);
        return user;
      },
      "rejected",
      "user-assertion-refused",
    ],
    ["refuses a token with another audience", async ({ own }) => own, "rejected", "user-assertion-refused"],
    [
      "refuses one that was changed",
      async ({ user }) => user.replace(/.{8}$/, "AAAAAAAA"),
      "rejected",
      "user-assertion-refused",
    ],
    [
      "wants a second factor",
      async ({ emulator, user }) => {
        emulator.faults.add({ path: "/token", error: 50076 });
        return user;
      },
      "interaction-required",
      "conditional-access",
    ],
  ])("%s", async (_, choose, outcome, code) => {
    const { error, user } = await present(choose);
    if (code === "") return expect(error).toBeUndefined();
    expect(error).toMatchObject({ outcome, code, remedy: expect.stringMatching(/\w/) });
    expect(`${error?.message}${JSON.stringify(error)}`).not.toContain(user);
  });

  /**
   * Acts on behalf of the caller that `choose` presents: Ann's token, or the application's own for
   * a vault.
   */
  async function present(
    choose: (given: {
      readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
      readonly user: string;
      readonly own: string;
    }) => Promise<string>,
  ) {
    await using emulator = await startEmulator();
    const identities = createIdentities(entra, () => emulator);
    try {
      const identity = identities.make();
      const { clientId, clientSecret } = emulator.application;
      const application = { clientId, clientSecret };
      const { token: own } = await identity.credential("client-secret", application).getToken(scope);
      const user = await choose({ emulator, user: await emulator.issueUserToken(), own });
      const credential = identity.credential("on-behalf-of", application);
      const error = await credential
        .forUser(user)
        .getToken(scope)
        .then(
          () => undefined,
          (error: IdentityError) => error,
        );
      return { error, user };
    } finally {
      await identities.close();
    }
  }
});

it("on-behalf-of shows neither the user's token nor the secret when a server echoes them", async () => {
  const { credential } = setUp((request) => ({
    status: 400,
    body: JSON.stringify({ error: "no", error_description: request.body }),
  }));
  const error = await errorOf(credential.forUser("canary-user").getToken(scope));
  expect(error.message).toContain("assertion=[redacted]");
  expect(`${error.message}${JSON.stringify(error)}`).not.toContain("canary");
});

it("on-behalf-of fails without a user assertion", async () => {
  const { http, credential } = setUp();
  expect(await errorOf(credential.getToken(scope))).toMatchObject({
    outcome: "misconfigured",
    code: "missing-user-assertion",
  });
  expect(http.requests).toHaveLength(0);
});

const ids = { tenantId: "contoso.com", clientId: "app" };
it.each([
  ["a certificate", { ...ids, certificatePath: fixturePath("pkcs8.pem") }, /^eyJ/],
  ["an assertion", { ...ids, getAssertion: async () => "assertion-of-ours" }, /^assertion-of-ours$/],
])("on-behalf-of authenticates the application with %s", async (_, given, assertion) => {
  const { forms, credential } = setUp(undefined, given);
  await credential.forUser("ann").getToken(scope);
  expect(forms()[0]).toMatchObject({ client_assertion: expect.stringMatching(assertion), assertion: "ann" });
});

it.each([
  ["nothing", ids, "incomplete-options"],
  ["a secret and a certificate", { ...options, certificatePath: "/app.pem" }, "conflicting-options"],
  ["a secret and an assertion", { ...options, getAssertion: () => "x" }, "conflicting-options"],
])("on-behalf-of refuses %s as client authentication", async (_, given, code) => {
  const { http, credential } = setUp(undefined, given);
  expect(await errorOf(credential.forUser("ann").getToken(scope))).toMatchObject({ outcome: "misconfigured", code });
  expect(http.requests).toHaveLength(0);
});

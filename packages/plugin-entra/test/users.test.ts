import { createIdentity, definePlugin, type IdentityOptions } from "@azidentity/core";
import { services } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, createMemoryStore, type FakeReply } from "@azidentity/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { loadMsal } from "../src/msal/load.ts";
import { scope } from "./sign-in.ts";
import { errorOf } from "./source-context.ts";
import { deviceAnswer, hurried, tenantA, tenantB, userAnswer } from "./user-answer.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

const other = "https://storage.azure.com/.default";
const ids = { clientId: "app" };
const code = { ...ids, authorizationCode: "canary-code", redirectUri: "http://localhost" };
const password = { ...ids, username: "ann@contoso.example", password: "canary-password" };

interface World {
  readonly clock?: ReturnType<typeof createFakeClock>;
  readonly store?: ReturnType<typeof createMemoryStore>;
  readonly config?: IdentityOptions;
}

/** An identity whose token endpoint gives these answers in turn, the last for ever. */
function setUp(replies: readonly FakeReply[], { clock = createFakeClock(), store, config }: World = {}) {
  const http = createFakeHttp(...replies);
  const provider = { token: services.tokenStore, name: "memory", create: () => store };
  const stores = store === undefined ? [] : [definePlugin({ name: "test-store", services: [provider] })];
  const identity = createIdentity(
    { config: false, plugins: [entra, ...stores], ...config },
    { env: {}, http, clock, random: () => 0 },
  );
  const forms = () => http.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  const grants = () => forms().map((form) => form.grant_type);
  const tenants = () => http.requests.map(({ url }) => new URL(url).pathname.split("/")[1]);
  return { http, identity, clock, forms, grants, tenants };
}

/** What Entra refuses with. */
const refusal = (number: number, more: object = {}) => ({
  status: 400,
  body: JSON.stringify({
    error: "invalid_grant",
    error_description: `AADSTS${number}: No.\r\nTrace ID: 1`,
    error_codes: [number],
    ...more,
  }),
});

const ann = userAnswer({ name: "ann" });
const bob = userAnswer({ name: "bob" });

describe("a user who has signed in", () => {
  it("gets tokens for other resources by the refresh token", async () => {
    const { identity, forms } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    await credential.getToken(other);
    expect(forms().map((form) => [form.grant_type, form.code ?? form.refresh_token])).toEqual([
      ["authorization_code", "canary-code"],
      ["refresh_token", "refresh-of-ann"],
    ]);
    expect(forms()[1]?.scope?.split(" ")).toEqual(expect.arrayContaining([other, "offline_access"]));
  });

  it("is renewed by the newest refresh token", async () => {
    const { identity, forms } = setUp([ann, userAnswer({ name: "ann" }, { refresh_token: "second" })]);
    const credential = identity.credential("authorization-code", code);
    for (const resource of [scope, other, "https://a.example/.default"]) await credential.getToken(resource);
    expect(forms().map((form) => form.refresh_token)).toEqual([undefined, "refresh-of-ann", "second"]);
  });

  it("keeps the refresh token when Entra sends no other", async () => {
    const { identity, forms } = setUp([ann, userAnswer({ name: "ann" }, { refresh_token: undefined })]);
    const credential = identity.credential("authorization-code", code);
    for (const resource of [scope, other, "https://a.example/.default"]) await credential.getToken(resource);
    expect(forms().at(-1)?.refresh_token).toBe("refresh-of-ann");
  });

  it("gets plain and CAE tokens apart, with one sign-in", async () => {
    const { identity, forms } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    const asked = [{}, { enableCae: true }, {}, { enableCae: true }];
    for (const options of asked) await credential.getToken(scope, options);
    await Promise.all(asked.map((options) => credential.getToken(other, options)));
    const capable = forms().map((form) => form.claims?.includes("cp1") === true);
    expect(capable).toEqual([false, true, false, true]);
  });

  it("satisfies a challenge once: later calls come from memory", async () => {
    const { identity, forms } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    await credential.getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' });
    for (let n = 0; n < 3; n++) await credential.getToken(scope);
    await credential.getToken(other);
    expect(forms().map((form) => form.claims?.includes("nbf") === true)).toEqual([false, true, false]);
  });

  it("waits for one answer however many ask", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await Promise.all(Array.from({ length: 20 }, () => credential.getToken(scope)));
    expect(http.requests).toHaveLength(1);
    await Promise.all([scope, other, "https://a.example/.default"].map((one) => credential.getToken(one)));
    expect(http.requests).toHaveLength(3);
  });

  it("is asked the tenant of each request", async () => {
    const inB = userAnswer({ name: "ann", tenantId: tenantB }, { access_token: "token-in-b" });
    const { identity, tenants } = setUp([ann, inB]);
    const credential = identity.credential("authorization-code", code);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect((await credential.getToken(scope, { tenantId: tenantB })).token).toBe("token-in-b");
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(tenants()).toEqual(["organizations", tenantB]);
  });

  it("never gets a token of another tenant than the one asked for", async () => {
    const { identity } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(scope, { tenantId: tenantB }))).toMatchObject({
      outcome: "rejected",
      code: "another-tenant",
    });
  });

  it("stays in the tenant of the options unless others are allowed", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", { ...code, tenantId: tenantA });
    expect(await errorOf(credential.getToken(scope, { tenantId: tenantB }))).toMatchObject({
      code: "tenant-not-allowed",
    });
    expect(http.requests).toHaveLength(0);
  });

  it("keeps the sign-in when Entra wants more than the refresh token for one resource", async () => {
    const { identity, forms } = setUp([
      ann,
      refusal(50076, { error: "interaction_required", claims: '{"access_token":{}}' }),
      refusal(65001),
      ann,
    ]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    for (const resource of ["https://a.example/.default", "https://b.example/.default"])
      expect(await errorOf(credential.getToken(resource))).toMatchObject({ outcome: "interaction-required" });
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    expect(forms().at(-1)?.refresh_token).toBe("refresh-of-ann");
  });

  it.each([
    ["a bad token", refusal(50173, { suberror: "bad_token" })],
    ["an unknown refusal of the grant", refusal(999999)],
    ["an expired sign-in", refusal(700082)],
  ])("has to sign in again after %s: the refresh token is dropped", async (_, refused) => {
    const { identity, grants } = setUp([ann, refused, ann]);
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["password", "refresh_token", "password"]);
    await credential.getToken("https://a.example/.default");
    expect(grants().at(-1)).toBe("refresh_token");
  });

  it("keeps the refresh token through an outage, and tries again", async () => {
    const { identity, grants } = setUp([ann, { status: 503 }, ann], {
      clock: { ...createFakeClock(), sleep: hurried },
    });
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["authorization_code", "refresh_token", "refresh_token"]);
  });

  it("is not replaced by somebody whose token Entra sends by mistake", async () => {
    const { identity } = setUp([ann, bob]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({ outcome: "rejected", code: "another-account" });
  });
});

describe("authenticate", () => {
  it("says who has signed in", async () => {
    const { identity } = setUp([ann]);
    const record = await identity.credential("username-password", password).authenticate(scope);
    expect(record).toEqual({
      authority: expect.any(String),
      homeAccountId: `object-of-ann.${tenantA}`,
      clientId: "app",
      tenantId: tenantA,
      username: "ann@contoso.example",
    });
  });

  it("lets somebody else take over, and forgets the tokens of whoever was there", async () => {
    const { identity, grants } = setUp([ann, bob]);
    const credential = identity.credential("username-password", password);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(await credential.authenticate(scope)).toMatchObject({ username: "bob@contoso.example" });
    expect((await credential.getToken(scope)).token).toBe("token-of-bob");
    expect(grants()).toEqual(["password", "password", "refresh_token"]);
  });
});

describe("without automatic authentication", () => {
  const careful = { ...password, disableAutomaticAuthentication: true };

  it("nobody is asked, and the error says what for", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("username-password", careful);
    const error = await errorOf(credential.getToken(scope, { tenantId: tenantB, enableCae: true }));
    expect(error).toMatchObject({
      name: "AuthenticationRequiredError",
      code: "sign-in-required",
      scopes: [scope],
      getTokenOptions: { tenantId: tenantB, enableCae: true },
    });
    expect(http.requests).toHaveLength(0);
  });

  it("the claims that Entra wants are passed on", async () => {
    const claims = '{"access_token":{"polids":{"essential":true}}}';
    const { identity } = setUp([ann, refusal(50076, { error: "interaction_required", claims })]);
    const credential = identity.credential("username-password", careful);
    await credential.authenticate(scope);
    const error = await errorOf(credential.getToken(scope));
    expect(error).toMatchObject({ code: "sign-in-required", claims, cause: { code: "conditional-access" } });
  });

  it("somebody who has signed in gets tokens", async () => {
    const { identity, grants } = setUp([ann]);
    const credential = identity.credential("username-password", careful);
    await credential.authenticate(scope);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["password", "refresh_token"]);
  });
});

describe("an authentication record", () => {
  it("finds its user again, in the store that both identities have", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore(clock);
    const first = setUp([ann], { clock, store });
    const record = await first.identity.credential("username-password", password).authenticate(scope);
    const second = setUp([ann], { clock, store });
    const restored = second.identity.credential("device-code", {
      clientId: "app",
      authenticationRecord: record,
      disableAutomaticAuthentication: true,
    });
    expect((await restored.getToken(other)).token).toBe("token-of-ann");
    expect(second.grants()).toEqual(["refresh_token"]);
  });

  it("finds the right one of several", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore(clock);
    const first = setUp([ann, bob], { clock, store });
    const credential = first.identity.credential("username-password", password);
    const records = [await credential.authenticate(scope), await credential.authenticate(scope)];
    for (const [index, name] of ["ann", "bob"].entries()) {
      const { identity, forms } = setUp([userAnswer({ name })], { clock, store });
      const options = { ...ids, authenticationRecord: records[index], disableAutomaticAuthentication: true };
      await identity.credential("device-code", options).getToken(scope);
      expect(forms()[0]?.refresh_token).toBe(`refresh-of-${name}`);
    }
  });

  it("of somebody who never signed in here asks that person, and nobody else", async () => {
    const record = {
      authority: "a",
      homeAccountId: "x.y",
      clientId: "app",
      tenantId: tenantA,
      username: "eve@x.example",
    };
    const { identity } = setUp([ann]);
    const credential = identity.credential("username-password", { ...password, authenticationRecord: record });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "rejected", code: "another-account" });
    expect(await credential.authenticate(scope)).toMatchObject({ username: "ann@contoso.example" });
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
  });

  const whole = { authority: "a", homeAccountId: "x.y", clientId: "app", tenantId: tenantA, username: "ann@x.example" };
  it.each([
    ["of another application", { ...whole, clientId: "another" }, "foreign-authentication-record"],
    ["of another version", { ...whole, version: "2.0" }, "invalid-authentication-record"],
    ["without an account", { ...whole, homeAccountId: undefined }, "invalid-authentication-record"],
    ["with a list for a name", { ...whole, username: [] }, "invalid-authentication-record"],
  ])("%s is refused before anybody is asked", async (_, authenticationRecord, code) => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("username-password", { ...password, authenticationRecord });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "misconfigured", code });
    expect(http.requests).toHaveLength(0);
  });
});

describe("a code", () => {
  it.each([
    ["used before", refusal(54005), "code-refused"],
    ["with a wrong verifier", refusal(501481), "code-refused"],
    ["with another redirect URI", refusal(50011), "redirect-uri-refused"],
    ["that has expired", refusal(70008), "sign-in-expired"],
  ])("%s is refused, once and for all", async (_, refused, expected) => {
    const { identity, http } = setUp([refused]);
    const credential = identity.credential("authorization-code", code);
    for (let n = 0; n < 2; n++) {
      const error = await errorOf(credential.getToken(scope));
      expect(error).toMatchObject({ code: expected });
      expect(error.message).not.toContain("canary");
    }
    expect(http.requests).toHaveLength(1);
  });

  it("is sent again after an answer that does not use it up, and not after one that may have got lost", async () => {
    const busy = setUp([{ status: 503 }, ann], { clock: { ...createFakeClock(), sleep: hurried } });
    expect((await busy.identity.credential("authorization-code", code).getToken(scope)).token).toBe("token-of-ann");
    const lost = setUp([{ status: 500 }, ann], { clock: { ...createFakeClock(), sleep: hurried } });
    expect(await errorOf(lost.identity.credential("authorization-code", code).getToken(scope))).toMatchObject({
      code: "entra-unavailable",
    });
    expect([busy, lost].map(({ http }) => http.requests.length)).toEqual([2, 1]);
  });

  it("that was redeemed does not sign in again: the person has to come back", async () => {
    const { identity } = setUp([ann, refusal(700082)]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({
      name: "AuthenticationRequiredError",
      code: "code-used",
    });
  });

  it("goes with its secret, verifier and nonce", async () => {
    const { identity, forms } = setUp([userAnswer({ name: "ann", nonce: "n" })]);
    const more = { clientSecret: "canary-secret", codeVerifier: "v".repeat(43), nonce: "n" };
    const credential = identity.credential("authorization-code", { ...code, ...more });
    await credential.getToken(scope);
    await credential.getToken(other);
    expect(forms()[0]).toMatchObject({ code_verifier: more.codeVerifier, redirect_uri: "http://localhost" });
    expect(forms().map((form) => form.client_secret)).toEqual(["canary-secret", "canary-secret"]);
  });

  it.each([
    ["another nonce", "m"],
    ["no nonce", undefined],
  ])("whose id_token has %s is somebody else's", async (_, nonce) => {
    const { identity } = setUp([userAnswer({ name: "ann", nonce })]);
    const credential = identity.credential("authorization-code", { ...code, nonce: "n" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "rejected", code: "nonce-mismatch" });
  });

  it.each([{ authorizationCode: undefined }, { redirectUri: undefined }])("is not guessed: %j", async (missing) => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", { ...code, ...missing });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "incomplete-options" });
    expect(http.requests).toHaveLength(0);
  });
});

describe("a password", () => {
  it("that is wrong is not made up for by somebody who gave the right one before", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore(clock);
    await setUp([ann], { clock, store }).identity.credential("username-password", password).getToken(scope);
    const { identity } = setUp([refusal(50126)], { clock, store });
    const credential = identity.credential("username-password", { ...password, password: "canary-wrong" });
    const error = await errorOf(credential.getToken(other));
    expect(error).toMatchObject({ outcome: "rejected", code: "user-refused" });
    expect(error.message).not.toContain("canary");
  });

  it("is asked for when it is missing", async () => {
    const { identity } = setUp([ann]);
    const credential = identity.credential("username-password", { ...password, password: "" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "incomplete-options" });
  });
});

it("an answer without id_token signs nobody in", async () => {
  const { identity } = setUp([userAnswer({ name: "ann" }, { id_token: undefined })]);
  const error = await errorOf(identity.credential("authorization-code", code).getToken(scope));
  expect(error).toMatchObject({ outcome: "failed", code: "invalid-token-response" });
});

it("a store that fails costs nobody a sign-in", async () => {
  const broken = async () => {
    throw new Error("disk full");
  };
  const store = { get: broken, set: broken, delete: broken, update: broken };
  const { identity, grants } = setUp([ann], { store: store as never });
  const credential = identity.credential("username-password", password);
  await credential.getToken(scope);
  await credential.getToken(other);
  expect(grants()).toEqual(["password", "refresh_token"]);
});

describe("somebody else", () => {
  const claims = '{"access_token":{"polids":{"essential":true}}}';
  const demand = refusal(50076, { error: "interaction_required", claims });

  it("does not take over by answering a question that was meant for whoever is signed in", async () => {
    const { identity, forms } = setUp([ann, demand, bob]);
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({ outcome: "rejected", code: "another-account" });
    expect(forms().at(-1)?.claims).toContain("polids");
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
  });

  it("may sign in when the sign-in before is over", async () => {
    const { identity } = setUp([ann, refusal(700082), bob]);
    const credential = identity.credential("username-password", password);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect((await credential.getToken(other)).token).toBe("token-of-bob");
    expect((await credential.getToken(scope)).token).toBe("token-of-bob");
  });

  it("who signed in before is not taken for whoever's sign-in is over", async () => {
    const world = () => ({ clock: { ...createFakeClock(), sleep: hurried }, store });
    const store = createMemoryStore(createFakeClock());
    const options = { ...ids, disableAutomaticAuthentication: true, userPromptCallback: () => undefined };
    const before = setUp([deviceAnswer(), bob], world()).identity.credential("device-code", options);
    await before.authenticate(scope);
    const { identity } = setUp([deviceAnswer(), ann, refusal(700082), bob], world());
    const credential = identity.credential("device-code", options);
    await credential.authenticate(scope);
    for (let n = 0; n < 2; n++)
      expect(await errorOf(credential.getToken(other))).toMatchObject({ code: "sign-in-required" });
  });

  it("who is the only one that signed in before is signed in at once", async () => {
    const world = () => ({ clock: { ...createFakeClock(), sleep: hurried }, store });
    const store = createMemoryStore(createFakeClock());
    const options = { ...ids, disableAutomaticAuthentication: true, userPromptCallback: () => undefined };
    const tokenOf = async (...replies: FakeReply[]) => {
      const { identity } = setUp(replies, world());
      return identity.credential("device-code", options).getToken(other);
    };
    for (const one of [bob, ann]) {
      await setUp([deviceAnswer(), one], world()).identity.credential("device-code", options).authenticate(scope);
      if (one === bob) expect((await tokenOf(bob)).token).toBe("token-of-bob");
      else expect(await errorOf(tokenOf(ann))).toMatchObject({ code: "sign-in-required" }); // one of two: which?
    }
  });
});

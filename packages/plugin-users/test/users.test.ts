import type { SourceCredential } from "@azidentity/core";
import { createFakeClock, createMemoryStore, type FakeReply } from "@azidentity/core/testing";
import { errorOf, refusal, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { deviceAnswer, hurry, tenantA, tenantB, userAnswer } from "./user-answer.ts";
import { ann, bob, code, ids, other, password, setUp } from "./user-world.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

describe("a signed-in user", () => {
  it("a signed-in user gets tokens for other resources with the refresh token", async () => {
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

  it("a signed-in user is renewed with the newest refresh token", async () => {
    const { identity, forms } = setUp([ann, userAnswer({ name: "ann" }, { refresh_token: "second" })]);
    const credential = identity.credential("authorization-code", code);
    for (const resource of [scope, other, "https://a.example/.default"]) await credential.getToken(resource);
    expect(forms().map((form) => form.refresh_token)).toEqual([undefined, "refresh-of-ann", "second"]);
  });

  it("a signed-in user keeps the refresh token when Entra returns no new one", async () => {
    const { identity, forms } = setUp([ann, userAnswer({ name: "ann" }, { refresh_token: undefined })]);
    const credential = identity.credential("authorization-code", code);
    for (const resource of [scope, other, "https://a.example/.default"]) await credential.getToken(resource);
    expect(forms().at(-1)?.refresh_token).toBe("refresh-of-ann");
  });

  it("a signed-in user gets separate plain and CAE tokens with one sign-in", async () => {
    const { identity, forms } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    const asked = [{}, { enableCae: true }, {}, { enableCae: true }];
    for (const options of asked) await credential.getToken(scope, options);
    await Promise.all(asked.map((options) => credential.getToken(other, options)));
    const capable = forms().map((form) => form.claims?.includes("cp1") === true);
    expect(capable).toEqual([false, true, false, true]);
  });

  it("satisfies a claims challenge once, and gets later tokens from the cache", async () => {
    const { identity, forms } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    await credential.getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' });
    for (let n = 0; n < 3; n++) await credential.getToken(scope);
    await credential.getToken(other);
    expect(forms().map((form) => form.claims?.includes("nbf") === true)).toEqual([false, true, false]);
  });

  it("a signed-in user shares one request between concurrent callers", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await Promise.all(Array.from({ length: 20 }, () => credential.getToken(scope)));
    expect(http.requests).toHaveLength(1);
    await Promise.all([scope, other, "https://a.example/.default"].map((one) => credential.getToken(one)));
    expect(http.requests).toHaveLength(3);
  });

  it("a signed-in user gets tokens from the tenant of each request", async () => {
    const inB = userAnswer({ name: "ann", tenantId: tenantB }, { access_token: "token-in-b" });
    const { identity, tenants } = setUp([ann, inB]);
    const credential = identity.credential("authorization-code", code);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect((await credential.getToken(scope, { tenantId: tenantB })).token).toBe("token-in-b");
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(tenants()).toEqual(["common", tenantB]);
  });

  it("a signed-in user never gets a token of another tenant than the requested one", async () => {
    const { identity } = setUp([ann]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(scope, { tenantId: tenantB }))).toMatchObject({
      outcome: "rejected",
      code: "another-tenant",
    });
  });

  it("a signed-in user never signs in to, nor is renewed in, another tenant than that of the options", async () => {
    const inB = { ...password, tenantId: tenantB };
    const foreign = setUp([ann]).identity.credential("username-password", inB);
    expect(await errorOf(foreign.getToken(scope))).toMatchObject({ code: "another-tenant" });
    expect(await errorOf(foreign.authenticate(scope))).toMatchObject({ code: "another-tenant" });
    const { identity } = setUp([userAnswer({ name: "ann", tenantId: tenantB }), ann]);
    const own = identity.credential("username-password", inB);
    await own.getToken(scope);
    expect(await errorOf(own.getToken(other))).toMatchObject({ code: "another-tenant" });
  });

  it("cannot sign in at AD FS", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", { ...code, tenantId: "adfs" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "adfs-unsupported" });
    expect(http.requests).toEqual([]);
  });

  it("stays in the tenant of the options unless others are allowed", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("authorization-code", { ...code, tenantId: tenantA });
    expect(await errorOf(credential.getToken(scope, { tenantId: tenantB }))).toMatchObject({
      code: "tenant-not-allowed",
    });
    expect(http.requests).toHaveLength(0);
  });

  it("a signed-in user keeps the sign-in when Entra requires interaction for one resource", async () => {
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
  ])("a signed-in user has to sign in again after %s, because the refresh token is dropped", async (_, refused) => {
    const { identity, grants } = setUp([ann, refused, ann]);
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["password", "refresh_token", "password"]);
    await credential.getToken("https://a.example/.default");
    expect(grants().at(-1)).toBe("refresh_token");
  });

  it("a signed-in user keeps the refresh token through an outage, and retries", async () => {
    const { identity, grants } = setUp([ann, { status: 503 }, ann], {
      clock: { ...createFakeClock(), ...hurry },
    });
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["authorization_code", "refresh_token", "refresh_token"]);
  });

  it("a signed-in user is not replaced by another user whose token Entra returns by mistake", async () => {
    const { identity } = setUp([ann, bob]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({ outcome: "rejected", code: "another-account" });
  });
});

describe("another user", () => {
  const claims = '{"access_token":{"polids":{"essential":true}}}';
  const demand = refusal(50076, { error: "interaction_required", claims });

  it("cannot replace the signed-in user by responding to that user's prompt", async () => {
    const { identity, forms } = setUp([ann, demand, bob]);
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({ outcome: "rejected", code: "another-account" });
    expect(forms().at(-1)?.claims).toContain("polids");
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
  });

  it("another user can sign in when the previous sign-in has ended", async () => {
    const { identity } = setUp([ann, refusal(700082), bob]);
    const credential = identity.credential("username-password", password);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect((await credential.getToken(other)).token).toBe("token-of-bob");
    expect((await credential.getToken(scope)).token).toBe("token-of-bob");
  });

  it("another user does not replace a user whose sign-in has ended", async () => {
    const world = () => ({ clock: { ...createFakeClock(), ...hurry }, store });
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

  it("another user who signs in elsewhere does not replace a reused account whose sign-in has ended", async () => {
    const store = createMemoryStore(createFakeClock());
    const options = { ...ids, disableAutomaticAuthentication: true, userPromptCallback: () => undefined };
    const elsewhere = (one: FakeReply) => {
      const { identity } = setUp([deviceAnswer(), one], { clock: { ...createFakeClock(), ...hurry }, store });
      return identity.credential("device-code", options).authenticate(scope);
    };
    await elsewhere(bob);
    const credential = setUp([bob, refusal(700082), ann], { store }).identity.credential("device-code", options);
    expect((await credential.getToken(other)).token).toBe("token-of-bob");
    const errors = [await errorOf(credential.getToken("https://a.example/.default"))];
    await elsewhere(ann);
    errors.push(await errorOf(credential.getToken("https://b.example/.default")));
    expect(errors.map(({ code }) => code)).toEqual(["sign-in-required", "sign-in-required"]);
  });

  it("another user who signed in with a code or a password is not reused by interactive sources", async () => {
    const store = createMemoryStore(createFakeClock());
    await setUp([ann], { store }).identity.credential("username-password", password).getToken(scope);
    await setUp([ann], { store }).identity.credential("authorization-code", code).getToken(scope);
    const options = { ...ids, disableAutomaticAuthentication: true };
    const { identity, http } = setUp([ann], { store });
    expect(await errorOf(identity.credential("device-code", options).getToken(scope))).toMatchObject({
      code: "sign-in-required",
    });
    expect(http.requests).toEqual([]);
  });

  it("the sign-in of another machine is not reused from a store that machines share", async () => {
    const store = { ...createMemoryStore(createFakeClock()), scope: undefined };
    const world = () => ({ clock: { ...createFakeClock(), ...hurry }, store });
    const options = { ...ids, disableAutomaticAuthentication: true, userPromptCallback: () => undefined };
    await setUp([deviceAnswer(), ann], world()).identity.credential("device-code", options).authenticate(scope);
    const { identity, http } = setUp([ann], world());
    const asked = identity.credential("device-code", options).getToken(other);
    expect(await errorOf(asked)).toMatchObject({ code: "sign-in-required" });
    expect(http.requests).toEqual([]);
  });

  it("another user who is the only existing account is signed in immediately", async () => {
    const world = () => ({ clock: { ...createFakeClock(), ...hurry }, store });
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

describe("an abort of a user's acquisition", () => {
  it.each([
    [
      "of a token",
      (credential: SourceCredential, abortSignal: AbortSignal) => credential.getToken(other, { abortSignal }),
    ],
    [
      "of authenticate",
      (credential: SourceCredential, abortSignal: AbortSignal) => credential.authenticate(scope, { abortSignal }),
    ],
  ])("%s ends the pending work, and later calls succeed", async (_, ask) => {
    const arrived = Promise.withResolvers<void>();
    const silence: FakeReply = () => {
      arrived.resolve();
      return "silence";
    };
    const { identity, clock } = setUp([ann, silence, ann]);
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    const controller = new AbortController();
    const ended = errorOf(ask(credential, controller.signal));
    await arrived.promise;
    controller.abort();
    expect(await ended).toMatchObject({ name: "AbortError", outcome: "cancelled" });
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect((await credential.getToken(other)).token).toBe("token-of-ann");
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });

  it("before the call sends no request", async () => {
    const { identity, http } = setUp([ann]);
    const credential = identity.credential("username-password", password);
    const abortSignal = AbortSignal.abort();
    for (const ended of [credential.getToken(scope, { abortSignal }), credential.authenticate(scope, { abortSignal })])
      expect(await errorOf(ended)).toMatchObject({ outcome: "cancelled" });
    expect(http.requests).toHaveLength(0);
  });
});

it("a renewal times out after 30 seconds, not after the deadline of a prompt", async () => {
  const { identity, clock } = setUp([deviceAnswer(), ann, "silence"], { clock: createFakeClock() });
  const credential = identity.credential("device-code", { ...ids, userPromptCallback: () => undefined });
  const first = credential.getToken(scope);
  for (let second = 0; second < 6; second++) await clock.advance(1_000);
  await first;
  const late = errorOf(credential.getToken(other));
  await clock.advance(30_000);
  expect(await late).toMatchObject({ outcome: "timeout" });
});

it("every request of a sign-in has the same correlation id", async () => {
  const { identity, forms } = setUp([deviceAnswer(), refusal(70016, { error: "authorization_pending" }), ann], {
    clock: { ...createFakeClock(), ...hurry },
  });
  await identity.credential("device-code", { ...ids, userPromptCallback: () => undefined }).getToken(scope);
  const polls = forms().slice(1);
  expect(polls[0]?.["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(polls.map((form) => form["client-request-id"])).size).toBe(1);
});

it("a proof-of-possession request fails without a broker instead of returning a bearer token", async () => {
  const { identity, http } = setUp([ann]);
  const proofOfPossessionOptions = {
    nonce: "n",
    resourceRequestMethod: "GET",
    resourceRequestUrl: "https://a.example/",
  };
  const credential = identity.credential("username-password", password);
  expect(await errorOf(credential.getToken(scope, { proofOfPossessionOptions }))).toMatchObject({
    code: "proof-of-possession-unsupported",
  });
  expect(http.requests).toHaveLength(0);
});

it("a response without id_token signs no user in", async () => {
  const { identity } = setUp([userAnswer({ name: "ann" }, { id_token: undefined })]);
  const error = await errorOf(identity.credential("authorization-code", code).getToken(scope));
  expect(error).toMatchObject({ outcome: "failed", code: "invalid-token-response" });
});

it("a refused refresh token that a store fails to delete is not sent again and again", async () => {
  const store = createMemoryStore(createFakeClock());
  const stubborn = {
    ...store,
    update: (key, change) => store.update(key, async (old) => (await change(old)) ?? old),
  } as typeof store;
  const { identity, grants } = setUp([ann, refusal(700082), ann], { store: stubborn });
  const credential = identity.credential("username-password", password);
  await credential.getToken(scope);
  expect((await credential.getToken(other)).token).toBe("token-of-ann");
  expect(grants()).toEqual(["password", "refresh_token", "password"]);
});

it("a failing store does not fail a sign-in", async () => {
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

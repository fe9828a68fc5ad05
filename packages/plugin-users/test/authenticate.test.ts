import { definePlugin, defineSource } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { errorOf, refusal, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import users from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { deviceAnswer, hurry, tenantA, tenantB } from "./user-answer.ts";
import { ann, bob, ids, password, setUp } from "./user-world.ts";

beforeAll(async () => void (await loadMsal())); // the first test is not to wait for it

describe("authenticate", () => {
  it("authenticate returns the record of the user who has signed in", async () => {
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

  it("switches to another user, and drops the tokens of the previous one", async () => {
    const { identity, grants } = setUp([ann, bob]);
    const credential = identity.credential("username-password", password);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(await credential.authenticate(scope)).toMatchObject({ username: "bob@contoso.example" });
    expect((await credential.getToken(scope)).token).toBe("token-of-bob");
    expect(grants()).toEqual(["password", "password", "refresh_token"]);
  });
});

describe("a credential without automatic authentication", () => {
  const careful = { ...password, disableAutomaticAuthentication: true };

  it("a credential without automatic authentication fails with the scopes to authenticate instead of a prompt", async () => {
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

  it("a credential without automatic authentication fails with the claims that Entra requires", async () => {
    const claims = '{"access_token":{"polids":{"essential":true}}}';
    const { identity } = setUp([ann, refusal(50076, { error: "interaction_required", claims })]);
    const credential = identity.credential("username-password", careful);
    await credential.authenticate(scope);
    const error = await errorOf(credential.getToken(scope));
    expect(error).toMatchObject({ code: "sign-in-required", claims, cause: { code: "conditional-access" } });
  });

  it("a credential without automatic authentication gets tokens after authenticate()", async () => {
    const { identity, grants } = setUp([ann]);
    const credential = identity.credential("username-password", careful);
    await credential.authenticate(scope);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    expect(grants()).toEqual(["password", "refresh_token"]);
  });
});

const absent = defineSource({
  name: "absent",
  kind: "developer",
  priority: 1,
  tenantPolicy: "any",
  detect: () => ({ state: "absent", reason: "It is not on this machine." }),
  subject: () => undefined,
  create: () => expect.unreachable(),
});
/** The plugin, and a source of the default chain that is not on this machine. */
const plugins = [users, definePlugin({ name: "test-absent", sources: [absent] })];

describe("the default chain", () => {
  const sources = { "device-code": { ...ids, enabled: true, userPromptCallback: () => undefined } };

  it("prompts no user unless a source of users is enabled", async () => {
    const { identity, http } = setUp([deviceAnswer(), ann], { config: { plugins } });
    const { attempts } = await identity.explain(scope);
    expect(attempts.map(({ source }) => source)).toEqual(["absent"]);
    expect(await errorOf(identity.getToken(scope))).toMatchObject({ code: "not-configured" });
    expect(http.requests).toHaveLength(0);
  });

  it("the default chain has an enabled source of users after all others", async () => {
    const { identity } = setUp([deviceAnswer(), ann], {
      config: { plugins, sources },
      clock: { ...createFakeClock(), ...hurry },
    });
    expect((await identity.getToken(scope)).token).toBe("token-of-ann");
    const { winner, attempts = [] } = identity.explain.last ?? {};
    expect(winner).toBe("device-code");
    expect(attempts.map(({ source }) => source)).toEqual(["absent", "device-code"]);
  });

  it("the default chain shares the sign-in of a source that it contains", async () => {
    const { identity, grants } = setUp([deviceAnswer(), ann], {
      config: { sources },
      clock: { ...createFakeClock(), ...hurry },
    });
    await identity.credential("device-code").authenticate(scope);
    expect((await identity.getToken(scope)).token).toBe("token-of-ann");
    expect(grants().at(-1)).toBe("refresh_token");
  });
});

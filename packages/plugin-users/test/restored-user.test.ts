import { createFakeClock, createMemoryStore } from "@azidentity/core/testing";
import { errorOf, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { tenantA, userAnswer } from "./user-answer.ts";
import { ann, bob, ids, other, password, setUp } from "./user-world.ts";

beforeAll(async () => void (await loadMsal())); // the first test is not to wait for it

describe("an authentication record", () => {
  it("restores its user from a store that both identities share", async () => {
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

  it("restores the right user of several", async () => {
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

  it("an authentication record of a user who has not signed in here prompts that user only", async () => {
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

  it("an authentication record that was edited gets no token", async () => {
    const store = createMemoryStore(createFakeClock());
    const first = setUp([ann, bob], { store }).identity.credential("username-password", password);
    const [ofAnn, ofBob] = [await first.authenticate(scope), await first.authenticate(scope)];
    const { identity, http } = setUp([ann], { store });
    const errorFor = (changes: object) => {
      const authenticationRecord = { ...ofAnn, ...changes };
      const options = { ...ids, authenticationRecord, disableAutomaticAuthentication: true };
      return errorOf(identity.credential("device-code", options).getToken(scope));
    };
    expect(await errorFor({ homeAccountId: ofBob.homeAccountId })).toMatchObject({
      code: "invalid-authentication-record",
    });
    expect(await errorFor({ homeAccountId: "x.y" })).toMatchObject({ code: "sign-in-required" });
    expect(await errorFor({ tenantId: "evil.example/x" })).toMatchObject({ code: "invalid-tenant" });
    expect(http.requests).toHaveLength(0);
  });

  const whole = { authority: "a", homeAccountId: "x.y", clientId: "app", tenantId: tenantA, username: "ann@x.example" };
  it.each([
    ["of another application", { ...whole, clientId: "another" }, "foreign-authentication-record"],
    ["of another version", { ...whole, version: "2.0" }, "invalid-authentication-record"],
    ["without an account", { ...whole, homeAccountId: undefined }, "invalid-authentication-record"],
    ["with a list for a name", { ...whole, username: [] }, "invalid-authentication-record"],
  ])("%s is refused before any prompt", async (_, authenticationRecord, code) => {
    const { identity, http } = setUp([ann]);
    const options: object = { ...password, authenticationRecord };
    const credential = identity.credential("username-password", options);
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "misconfigured", code });
    expect(http.requests).toHaveLength(0);
  });
});

import { createFakeClock } from "@azidentity/core/testing";
import { errorOf, refusal, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { hurry, userAnswer } from "./user-answer.ts";
import { ann, code, other, setUp } from "./user-world.ts";

beforeAll(async () => void (await loadMsal())); // the first test is not to wait for it

describe("an authorization code", () => {
  it.each([
    ["used before", refusal(54005), "code-refused"],
    ["with a wrong verifier", refusal(501481), "code-refused"],
    ["with another redirect URI", refusal(50011), "redirect-uri-refused"],
    ["that has expired", refusal(70008), "sign-in-expired"],
  ])("%s is refused once, and not sent again", async (_, refused, expected) => {
    const { identity, http } = setUp([refused]);
    const credential = identity.credential("authorization-code", code);
    for (let n = 0; n < 2; n++) {
      const error = await errorOf(credential.getToken(scope));
      expect(error).toMatchObject({ code: expected });
      expect(error.message).not.toContain("canary");
    }
    expect(http.requests).toHaveLength(1);
  });

  it("an authorization code is sent again after a throttled response, and not after a lost one", async () => {
    const busy = setUp([{ status: 503 }, ann], { clock: { ...createFakeClock(), ...hurry } });
    expect((await busy.identity.credential("authorization-code", code).getToken(scope)).token).toBe("token-of-ann");
    const lost = setUp([{ status: 500 }, ann], { clock: { ...createFakeClock(), ...hurry } });
    expect(await errorOf(lost.identity.credential("authorization-code", code).getToken(scope))).toMatchObject({
      code: "entra-unavailable",
    });
    expect([busy, lost].map(({ http }) => http.requests.length)).toEqual([2, 1]);
  });

  it("an authorization code is redeemed in production mode for a program that names the source", async () => {
    const { identity } = setUp([ann], { config: { mode: "production" } });
    expect((await identity.credential("authorization-code", code).getToken(scope)).token).toBe("token-of-ann");
    for (const name of ["device-code", "interactive-browser"] as const)
      expect(await errorOf(identity.credential(name, { clientId: "app" }).getToken(scope))).toMatchObject({
        code: "unknown-source",
      });
  });

  it("an authorization code that has been redeemed fails with code-used when its sign-in has ended", async () => {
    const { identity } = setUp([ann, refusal(700082)]);
    const credential = identity.credential("authorization-code", code);
    await credential.getToken(scope);
    expect(await errorOf(credential.getToken(other))).toMatchObject({
      name: "AuthenticationRequiredError",
      code: "code-used",
    });
  });

  it("an authorization code is sent with its secret and verifier, and its nonce is checked", async () => {
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
  ])("an authorization code whose id_token has %s is refused", async (_, nonce) => {
    const { identity } = setUp([userAnswer({ name: "ann", nonce })]);
    const credential = identity.credential("authorization-code", { ...code, nonce: "n" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "rejected", code: "nonce-mismatch" });
  });

  it.each([{ authorizationCode: undefined }, { redirectUri: undefined }])(
    "an authorization code is not guessed: %j",
    async (missing) => {
      const { identity, http } = setUp([ann]);
      const credential = identity.credential("authorization-code", { ...code, ...missing });
      expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "incomplete-options" });
      expect(http.requests).toHaveLength(0);
    },
  );
});

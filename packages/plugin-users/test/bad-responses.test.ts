/** Responses of a token endpoint that are none of Entra's, or broken on the way. */

import { createFakeClock, type FakeReply } from "@azidentity/core/testing";
import { errorOf, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { deviceAnswer, hurry, userAnswer } from "./user-answer.ts";
import { ann, code, ids, password, setUp } from "./user-world.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.e30`;
const nowMs = 1_790_000_000_000;
const clock = () => ({ ...createFakeClock(nowMs), ...hurry });
const answer = (changes: Readonly<Record<string, unknown>>) => userAnswer({ name: "ann" }, changes);
const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in to the hotel</html>" };

const sources = {
  "username-password": { options: password, first: [] },
  "authorization-code": { options: code, first: [] },
  "device-code": { options: { ...ids, userPromptCallback: () => undefined }, first: [deviceAnswer()] },
} as const;
type Name = keyof typeof sources;
const names = Object.keys(sources) as Name[];

/** A sign-in whose token endpoint gives these responses in turn. */
function signIn(name: Name, ...replies: readonly FakeReply[]) {
  const { options, first } = sources[name];
  const world = setUp([...first, ...replies], { clock: clock() });
  const tokenRequests = () => world.http.requests.length - first.length;
  return { ...world, tokenRequests, token: world.identity.credential(name, options).getToken(scope) };
}

describe.each(names)("%s", (name) => {
  it.each<[string, FakeReply, string]>([
    ["a web page", page, "captive-portal"],
    ["another kind of token", answer({ token_type: "pop" }), "invalid-token-response"],
    ["no kind of token", answer({ token_type: undefined }), "invalid-token-response"],
    ["no token", answer({ access_token: undefined }), "invalid-token-response"],
    ["a token with a line break", answer({ access_token: "a\r\nb" }), "invalid-token-response"],
    ["a negative lifetime", answer({ expires_in: -1 }), "invalid-token-response"],
    ["no lifetime", answer({ expires_in: undefined }), "invalid-token-response"],
    ["an expired token", answer({ expires_in: undefined, access_token: jwt({ exp: 1 }) }), "invalid-token-response"],
    [
      "neither an id token nor client_info",
      answer({ id_token: undefined, client_info: undefined }),
      "invalid-token-response",
    ],
    ["an id token of one part", answer({ id_token: "e30" }), "msal-refused"],
    ["an id token that is not JSON", answer({ id_token: "e30.e30e30.e30" }), "msal-refused"],
    ["a list", { status: 200, body: "[]" }, "invalid-token-response"],
    ["a redirect", { status: 302, headers: { location: "https://evil.example" }, body: "" }, "unexpected-answer"],
  ])(`${name} refuses a response with %s, and sends no second request`, async (_, reply, code) => {
    const { token, tokenRequests } = signIn(name, reply, ann);
    const error = await errorOf(token);
    expect(error).toMatchObject({ code });
    expect(error.message).not.toContain("canary");
    expect(tokenRequests()).toBe(1);
  });

  it(`${name} names the captive portal that answers with a web page`, async () => {
    expect((await errorOf(signIn(name, page).token)).message).toMatch(/captive portal/);
  });

  it.each([
    ["a lifetime as text", { expires_in: "3599" }, 3_599],
    ["a lifetime with a fraction, rounded down", { expires_in: 3_599.9 }, 3_599],
    ["a lifetime in the token alone", { expires_in: undefined, access_token: jwt({ exp: nowMs / 1000 + 600 }) }, 600],
  ])(`${name} reads %s`, async (_, changes, seconds) => {
    const { expiresOnTimestamp } = await signIn(name, answer(changes)).token;
    expect(expiresOnTimestamp).toBe(nowMs + seconds * 1000);
  });

  it(`${name} shows no link of an error response`, async () => {
    const body = JSON.stringify({ error: "invalid_grant", error_codes: [50126], error_uri: "https://evil.example/" });
    const error = await errorOf(signIn(name, { status: 400, body }).token);
    expect(JSON.stringify([error, error.message])).not.toContain("evil.example");
  });
});

describe("a response that was cut off", () => {
  const cut: readonly FakeReply[] = [
    { status: 200, body: "" },
    { status: 200, body: ann.body.slice(0, 200) },
  ];

  it("a response that was cut off is requested again for a password", async () => {
    const { token, tokenRequests } = signIn("username-password", ...cut, ann);
    expect((await token).token).toBe("token-of-ann");
    expect(tokenRequests()).toBe(3);
  });

  it("a response that was cut off is requested again for a refresh token", async () => {
    const { identity, grants } = setUp([ann, ...cut, ann], { clock: clock() });
    const credential = identity.credential("username-password", password);
    await credential.getToken(scope);
    await credential.getToken("https://storage.azure.com/.default");
    expect(grants()).toEqual(["password", "refresh_token", "refresh_token", "refresh_token"]);
  });

  it.each(["authorization-code", "device-code"] as const)(
    "a response that was cut off is not requested again by %s, whose code is spent",
    async (name) => {
      for (const reply of cut) {
        const { token, tokenRequests } = signIn(name, reply, ann);
        expect(await errorOf(token)).toMatchObject({ outcome: "unreachable", code: "incomplete-response" });
        expect(tokenRequests()).toBe(1);
      }
    },
  );
});

it.each(["contoso.com/oauth2", "contoso.com?x=1", "contoso.com#x", "..", "contoso.com\\evil", "a b"])(
  "no source of users sends anything for the tenant %j",
  async (tenantId) => {
    for (const name of names) {
      const { identity, http } = setUp([ann], { clock: clock() });
      const error = await errorOf(identity.credential(name, { ...sources[name].options, tenantId }).getToken(scope));
      expect(error).toMatchObject({ outcome: "misconfigured" });
      expect(http.requests).toEqual([]);
    }
  },
);

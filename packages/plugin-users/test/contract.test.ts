import { createFakeClock, createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import users from "../src/index.ts";
import { createConsentingUser, deviceAnswer, hurry, userAnswer } from "./user-answer.ts";

const person = createConsentingUser();

/** Answers as Entra does, without delay. */
const working =
  (changes: object, nonce: () => string | undefined = () => person.nonce) =>
  () => ({
    http: createFakeHttp(({ url }) =>
      url.includes("devicecode") ? deviceAnswer() : userAnswer({ name: "ann", nonce: nonce() }, { ...changes }),
    ),
    clock: { ...createFakeClock(Date.now()), ...hurry },
  });
/** Without a refresh token each token is a sign-in of its own. */
const withoutRefreshToken = working({ refresh_token: undefined });

const user = { clientId: "app" };
const cases: Record<
  string,
  { readonly options: Record<string, unknown>; readonly working: typeof withoutRefreshToken }
> = {
  "authorization-code": {
    options: { ...user, clientSecret: "canary", authorizationCode: "canary", redirectUri: "http://localhost" },
    working: working({}, () => undefined), // the sign-in that its code is of had no nonce
  },
  "device-code": { options: { ...user, userPromptCallback: () => undefined }, working: withoutRefreshToken },
  "interactive-browser": { options: { ...user, openBrowser: person.openBrowser }, working: withoutRefreshToken },
  "username-password": {
    options: { ...user, username: "ann@contoso.example", password: "canary" },
    working: withoutRefreshToken,
  },
};

it("the contract tests cover every source", () => {
  expect(users.sources.map(({ name }) => name).sort()).toEqual(Object.keys(cases).sort());
});

describe.each(users.sources)("$name", (source) => {
  const { options = {}, working = withoutRefreshToken } = cases[source.name] ?? {};
  testCredentialSource({ it }, { source, options, working, secrets: ["canary"] });
});

import { type EchoCase, testEchoes } from "@azidentity/test-support";
import { beforeAll } from "vitest";
import users from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { hurry } from "./user-answer.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

const code = { clientId: "app", redirectUri: "http://localhost" };

/** The options of each source with the secret that it sends. */
const cases: Readonly<Record<string, (secret: string) => EchoCase>> = {
  "username-password": (password) => ({ options: { clientId: "app", username: "ann@contoso.com", password } }),
  "authorization-code": (clientSecret) => ({ options: { ...code, clientSecret, authorizationCode: "code" } }),
  "authorization-code ": (authorizationCode) => ({ options: { ...code, authorizationCode } }),
};

testEchoes({ plugin: users, cases, clock: hurry });

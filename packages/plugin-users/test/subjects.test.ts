import type { AuthenticationRecord } from "@azidentity/core/plugin";
import { createTestContext } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import users from "../src/index.ts";

function subjectOf(name: string, options: object): string | undefined {
  const source = users.sources.find((one) => one.name === name) ?? expect.fail(`There is no source ${name}.`);
  return source.subject(options as never, createTestContext());
}

const record = (user: string): AuthenticationRecord => ({
  authority: "login.microsoftonline.com",
  homeAccountId: user,
  clientId: "app",
  tenantId: "t",
  username: user,
});

/** Each names another principal than the others of its source. */
const records = [
  { clientId: "app", authenticationRecord: record("ann") },
  { clientId: "app", authenticationRecord: record("bob") },
];
const principals: Readonly<Record<string, readonly object[]>> = {
  "authorization-code": records,
  "device-code": [{ clientId: "a" }, { clientId: "b" }, {}, ...records],
  "interactive-browser": [{ clientId: "a" }, { clientId: "b" }, {}, ...records],
  "username-password": [
    { clientId: "a", username: "ann", password: "canary" },
    { clientId: "a", username: "bob", password: "canary" },
    { clientId: "b", username: "ann", password: "canary" },
  ],
};

it.each(Object.entries(principals))("%s never gives two principals the same subject", (name, options) => {
  const subjects = options.map((each) => subjectOf(name, each));
  expect(subjects.every((subject) => subject !== undefined && !subject.includes("canary"))).toBe(true);
  expect(new Set(subjects).size).toBe(options.length);
});

it("the table of principals has every source", () => {
  expect(Object.keys(principals)).toEqual(users.sources.map(({ name }) => name).sort());
});

it("authorization-code has no subject before its user is known", () => {
  const code = { clientId: "a", authorizationCode: "canary", redirectUri: "http://localhost" };
  expect(subjectOf("authorization-code", code)).toBeUndefined();
});

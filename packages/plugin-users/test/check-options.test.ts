import { createIdentity, type IdentityError } from "@azidentity/core";
import { thrownBy } from "@azidentity/test-support";
import { expect, it } from "vitest";
import users from "../src/index.ts";

const record = {
  authority: "login.microsoftonline.com",
  homeAccountId: "ann.contoso",
  clientId: "another application",
  tenantId: "contoso.com",
  username: "ann@contoso.com",
};

const identityOfUsers = () =>
  createIdentity({ config: false, plugins: [users] }, { env: {}, http: { send: () => expect.unreachable() } });

it.each([
  ["invalid-authentication-record", {}],
  ["invalid-authentication-record", { ...record, username: 5 }],
  ["foreign-authentication-record", record],
])("the check of each source says %s of the record %j, as a request does", async (code, authenticationRecord) => {
  for (const { name } of users.sources) {
    const identity = identityOfUsers();
    const options = { clientId: "app", authenticationRecord } as object;
    const check = () => thrownBy(() => identity.check(name, options));
    const early = check();
    const rejection = await identity
      .credential(name, options)
      .getToken("https://vault.azure.net/.default")
      .catch((error: IdentityError) => error);
    for (const error of [early, rejection, check()]) expect(error, name).toMatchObject({ code });
  }
});

it.each<[string, object]>([
  ["authorization-code", { redirectUri: "http://localhost" }],
  ["authorization-code", { authorizationCode: "c4n4ry", redirectUri: "" }],
  ["username-password", { username: "ann@contoso.com" }],
  ["username-password", { password: "c4n4ry" }],
])("the check of %s says incomplete-options of %j, as a request does", async (name, given) => {
  const identity = identityOfUsers();
  const options = { clientId: "app", ...given };
  const check = () => thrownBy(() => identity.check(name as "username-password", options));
  const early = check();
  const rejection = await identity
    .credential(name as "username-password", options)
    .getToken("https://vault.azure.net/.default")
    .catch((error: IdentityError) => error);
  for (const error of [early, rejection, check()]) expect(error).toMatchObject({ code: "incomplete-options" });
  expect(early?.message).not.toContain("c4n4ry");
});

it.each(["authorization-code", "username-password"] as const)(
  "the check of %s accepts a record alone, whose user may have signed in before",
  (name) => {
    const options = { clientId: "app", authenticationRecord: { ...record, clientId: "app" } };
    expect(thrownBy(() => identityOfUsers().check(name, options))).toBeUndefined();
  },
);

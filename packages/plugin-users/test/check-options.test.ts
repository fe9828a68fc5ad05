import { createIdentity, type IdentityError } from "@azidentity/core";
import { expect, it } from "vitest";
import users from "../src/index.ts";

const record = {
  authority: "login.microsoftonline.com",
  homeAccountId: "ann.contoso",
  clientId: "another application",
  tenantId: "contoso.com",
  username: "ann@contoso.com",
};

function thrownBy(act: () => unknown): IdentityError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as IdentityError;
  }
}

it.each([
  ["invalid-authentication-record", {}],
  ["invalid-authentication-record", { ...record, username: 5 }],
  ["foreign-authentication-record", record],
])("the check of each source says %s of the record %j, as a request does", async (code, authenticationRecord) => {
  for (const { name } of users.sources) {
    const identity = createIdentity(
      { config: false, plugins: [users] },
      { env: {}, http: { send: () => expect.unreachable() } },
    );
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

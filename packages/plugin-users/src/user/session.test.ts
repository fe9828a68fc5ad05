import type { AuthenticationRecord } from "@azidentity/core/plugin";
import { describe, expect, it } from "vitest";
import { createSession } from "./session.ts";

const of = (name: string): AuthenticationRecord => ({
  authority: "a",
  homeAccountId: `${name}.t`,
  clientId: "app",
  tenantId: "t",
  username: `${name}@x.example`,
});
const [ann, bob] = [of("ann"), of("bob")];
const known = (...records: AuthenticationRecord[]) => ({ list: async () => records });

describe("a session of a credential", () => {
  it.each([
    ["the only user who signed in before", { reuseExistingAccount: true }, [ann], ann],
    ["no user when two signed in before", { reuseExistingAccount: true }, [ann, bob], undefined],
    [
      "the user of two that the options name, case-insensitively",
      { reuseExistingAccount: true, username: "BOB@x.example" },
      [ann, bob],
      bob,
    ],
    [
      "no user when the options name another one",
      { reuseExistingAccount: true, username: "eve@x.example" },
      [ann],
      undefined,
    ],
    ["no user when existing accounts are not reused", { reuseExistingAccount: false }, [ann], undefined],
    [
      "the user of the record, even if others signed in before",
      { reuseExistingAccount: true, record: bob },
      [ann],
      bob,
    ],
  ])("a session of a credential starts with %s", async (_, settings, records, expected) => {
    expect(await createSession(settings, known(...records)).current()).toBe(expected);
  });

  it("looks for an existing account only once", async () => {
    const lists = [[], [ann]];
    const session = createSession({ reuseExistingAccount: true }, { list: async () => lists.shift() ?? [] });
    for (let n = 0; n < 2; n++) expect(await session.current()).toBeUndefined();
  });

  it("a session of a credential does not reuse an account when another sign-in began and ended during the search", async () => {
    const found = Promise.withResolvers<AuthenticationRecord[]>();
    const session = createSession({ reuseExistingAccount: true }, { list: () => found.promise });
    const current = session.current();
    session.begin(bob);
    session.end(bob);
    found.resolve([ann]);
    expect(await current).toBeUndefined();
  });
});

describe("the end of a sign-in", () => {
  it("leaves the session without a user, even if an existing account is known", async () => {
    const session = createSession({ reuseExistingAccount: true }, known(ann));
    session.begin(bob);
    session.end(bob);
    expect(await session.current()).toBeUndefined();
  });

  it("leaves the user of the record, until authenticate() replaces that user", async () => {
    const session = createSession({ reuseExistingAccount: true, record: ann }, known());
    session.end(ann);
    expect([await session.current(), session.requiredUser]).toEqual([ann, ann]);
    session.replace(bob);
    session.end(bob);
    expect([await session.current(), session.requiredUser]).toEqual([undefined, undefined]);
  });

  it("the end of a sign-in does not end a later sign-in", async () => {
    const session = createSession({ reuseExistingAccount: true }, known());
    session.begin(ann);
    session.begin(bob);
    session.end(ann);
    expect(await session.current()).toEqual(bob);
  });
});

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

describe("whoever signed in before", () => {
  it.each([
    ["the only one", { adopts: true }, [ann], ann],
    ["nobody of two", { adopts: true }, [ann, bob], undefined],
    ["the one of two who is named, in whatever case", { adopts: true, username: "BOB@x.example" }, [ann, bob], bob],
    ["nobody when somebody else is named", { adopts: true, username: "eve@x.example" }, [ann], undefined],
    ["nobody where that is not wanted", { adopts: false }, [ann], undefined],
    ["the user of the record, whoever else there is", { adopts: true, record: bob }, [ann], bob],
  ])("is signed in at once: %s", async (_, settings, records, expected) => {
    expect(await createSession(settings, known(...records)).current()).toBe(expected);
  });

  it("is not looked for again", async () => {
    const lists = [[], [ann]];
    const session = createSession({ adopts: true }, { list: async () => lists.shift() ?? [] });
    for (let n = 0; n < 2; n++) expect(await session.current()).toBeUndefined();
  });

  it("is not taken for somebody who signed in while they were looked for, and has gone again", async () => {
    const found = Promise.withResolvers<AuthenticationRecord[]>();
    const session = createSession({ adopts: true }, { list: () => found.promise });
    const current = session.current();
    session.begin(bob);
    session.end(bob);
    found.resolve([ann]);
    expect(await current).toBeUndefined();
  });
});

describe("a sign-in", () => {
  it("that is over leaves nobody, and not whoever is known", async () => {
    const session = createSession({ adopts: true }, known(ann));
    session.begin(bob);
    session.end(bob);
    expect(await session.current()).toBeUndefined();
  });

  it("that is over leaves the user of the record, who alone may sign in, until somebody takes over", async () => {
    const session = createSession({ adopts: true, record: ann }, known());
    session.end(ann);
    expect([await session.current(), session.only]).toEqual([ann, ann]);
    session.takeOver(bob);
    session.end(bob);
    expect([await session.current(), session.only]).toEqual([undefined, undefined]);
  });

  it("that another one has followed does not end that", async () => {
    const session = createSession({ adopts: true }, known());
    session.begin(ann);
    session.begin(bob);
    session.end(ann);
    expect(await session.current()).toEqual(bob);
  });
});

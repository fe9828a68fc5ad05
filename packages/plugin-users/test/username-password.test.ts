import { createFakeClock, createMemoryStore } from "@azidentity/core/testing";
import { errorOf, refusal, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { ann, other, password, setUp } from "./user-world.ts";

beforeAll(async () => void (await loadMsal())); // the first test is not to wait for it

describe("username-password", () => {
  it("username-password does not reuse an earlier sign-in for a wrong password", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore(clock);
    await setUp([ann], { clock, store }).identity.credential("username-password", password).getToken(scope);
    const { identity } = setUp([refusal(50126)], { clock, store });
    const credential = identity.credential("username-password", { ...password, password: "canary-wrong" });
    const error = await errorOf(credential.getToken(other));
    expect(error).toMatchObject({ outcome: "rejected", code: "user-refused" });
    expect(error.message).not.toContain("canary");
  });

  it("username-password fails with incomplete-options without a password", async () => {
    const { identity } = setUp([ann]);
    const credential = identity.credential("username-password", { ...password, password: "" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "incomplete-options" });
  });

  it("signs in in production mode for a program that names it, and in no chain", async () => {
    const { identity } = setUp([ann], { config: { mode: "production" } });
    expect((await identity.credential("username-password", password).getToken(scope)).token).toBe("token-of-ann");
    const chain = identity.chain([{ source: "username-password", options: password }]);
    expect(await errorOf(chain.getToken(scope))).toMatchObject({ code: "unknown-source" });
  });
});

import { describe, expect, it } from "vitest";
import { nativeResult } from "../test/machines.ts";
import { readResult } from "./read-result.ts";

const application = { clientId: "04B07795-8ddb-461a-bbee-02f9e1bf7b46", tenantId: "organizations" };
const request = { tenantId: undefined, correlationId: "c" };
const read = (changes: object, wanted = {}, asked = request) =>
  readResult("broker", application, nativeResult(changes), asked as typeof request, wanted);

it("makes a token and a record of it", () => {
  const { issued, record } = read({});
  expect(issued).toMatchObject({
    token: "T",
    tokenType: "Bearer",
    account: "O.T",
    expiresOnTimestamp: 3_976_214_400_000,
  });
  expect(issued.principal).toMatchObject({ objectId: "O", username: "ann@contoso.example" });
  expect(record).toMatchObject({ authority: "login.microsoftonline.com", homeAccountId: "O.T" });
});

it("tells a token that is bound to a request", () => {
  expect(read({ tokenType: "pop" }).issued.tokenType).toBe("pop");
});

describe("refuses", () => {
  it.each([
    ["nothing", null],
    ["a text", "token"],
    ["no account", nativeResult({ account: undefined })],
    ["an account without an id", nativeResult({ account: { username: "ann@contoso.example" } })],
    ["no identity", nativeResult({ idTokenClaims: undefined })],
    ["an identity for another application", nativeResult({ idTokenClaims: { aud: "other" } })],
    ["an identity for several", nativeResult({ idTokenClaims: { aud: [application.clientId] } })],
  ])("%s", (_, result) => {
    const error = { outcome: "failed", code: "unexpected-broker-answer" };
    expect(() => readResult("broker", application, result, request, {})).toThrow(expect.objectContaining(error));
  });

  it("a token for another tenant than was asked for", () => {
    const tenantId = "22222222-2222-4222-8222-222222222222";
    expect(() => read({}, {}, { ...request, tenantId } as never)).toThrow(
      expect.objectContaining({ outcome: "rejected", code: "another-tenant" }),
    );
  });

  it.each([[{ homeAccountId: "X.T" }], [{ username: "bernard@contoso.example" }]])(
    "one for somebody else than %j",
    (wanted) => {
      expect(() => read({}, wanted)).toThrow(
        expect.objectContaining({ outcome: "not-signed-in", code: "another-account" }),
      );
    },
  );
});

it("takes account names in any case", () => {
  expect(read({}, { username: "ANN@contoso.example" }).issued.token).toBe("T");
});

it("knows a person by their id who has another name now", () => {
  expect(read({}, { homeAccountId: "O.T", username: "ann.before@contoso.example" }).issued.token).toBe("T");
});

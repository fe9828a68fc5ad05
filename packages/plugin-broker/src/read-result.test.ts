import { describe, expect, it } from "vitest";
import { nativeResult } from "../test/machines.ts";
import { readResult } from "./read-result.ts";

const application = { clientId: "04B07795-8ddb-461a-bbee-02f9e1bf7b46", tenantId: "organizations" };
const request = { tenantId: undefined, correlationId: "c" };
const read = (changes: object, requested = {}, tokenRequest = request) =>
  readResult("broker", application, nativeResult(changes), tokenRequest as typeof request, requested);

it("an answer is read as a token and an authentication record", () => {
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

it("a token that is bound to a request has the type pop", () => {
  expect(read({ tokenType: "pop" }).issued.tokenType).toBe("pop");
});

describe("an answer that does not match the request", () => {
  it.each([
    ["nothing", null],
    ["a string", "token"],
    ["no account", nativeResult({ account: undefined })],
    ["an account without an id", nativeResult({ account: { username: "ann@contoso.example" } })],
    ["no ID token claims", nativeResult({ idTokenClaims: undefined })],
    ["an ID token for another application", nativeResult({ idTokenClaims: { aud: "other" } })],
    ["an ID token for several applications", nativeResult({ idTokenClaims: { aud: [application.clientId] } })],
  ])("an answer with %s is refused", (_, result) => {
    const error = { outcome: "failed", code: "unexpected-broker-answer" };
    expect(() => readResult("broker", application, result, request, {})).toThrow(expect.objectContaining(error));
  });

  it("a token for another tenant than requested is refused", () => {
    const tenantId = "22222222-2222-4222-8222-222222222222";
    expect(() => read({}, {}, { ...request, tenantId } as never)).toThrow(
      expect.objectContaining({ outcome: "rejected", code: "another-tenant" }),
    );
  });

  it.each([[{ homeAccountId: "X.T" }], [{ username: "bernard@contoso.example" }]])(
    "a token for another account than %j is refused",
    (requested) => {
      expect(() => read({}, requested)).toThrow(
        expect.objectContaining({ outcome: "not-signed-in", code: "another-account" }),
      );
    },
  );
});

it("account names are compared without case", () => {
  expect(read({}, { username: "ANN@contoso.example" }).issued.token).toBe("T");
});

it("an account that is requested by id may have a new name", () => {
  expect(read({}, { homeAccountId: "O.T", username: "ann.before@contoso.example" }).issued.token).toBe("T");
});

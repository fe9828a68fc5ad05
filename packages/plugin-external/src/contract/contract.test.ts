import { outcomeError } from "@azidentity/core/plugin";
import { describe, expect, it } from "vitest";
import { readAnswer, tokenDocument } from "./answer.ts";
import { failure, failureDocument, failureOf, httpStatusOf } from "./failure.ts";
import { readRequest, requestDocument } from "./request.ts";

const token = { version: 1, token: "T0ken", tokenType: "Bearer", expiresOn: 1_796_041_200 };
const withToken = (changes: object) => JSON.stringify({ ...token, ...changes });

describe("an answer", () => {
  it("an answer with a token is read with its times in milliseconds, and with its principal", () => {
    const principal = { tenantId: "t", objectId: "o", clientId: "c", username: "u" };
    expect(readAnswer(withToken({ refreshOn: 1_796_040_000, principal, later: [] }))).toEqual({
      token: {
        token: "T0ken",
        tokenType: "Bearer",
        expiresOnTimestamp: 1_796_041_200_000,
        refreshAfterTimestamp: 1_796_040_000_000,
        principal,
      },
    });
  });

  it("an answer may have blanks, line breaks and a byte order mark around it", () => {
    expect(readAnswer(`\ufeff \r\n${JSON.stringify(token, null, 2)}\n\n`)).toMatchObject({ token: { token: "T0ken" } });
  });

  it("a token survives being written and read", () => {
    const issued = { token: "T0ken", expiresOnTimestamp: 1_796_041_200_999, refreshAfterTimestamp: undefined };
    const read = readAnswer(tokenDocument(issued, { objectId: "o" }));
    expect(read).toMatchObject({ token: { expiresOnTimestamp: 1_796_041_200_000, principal: { objectId: "o" } } });
  });

  it("a document has no principal of which nothing is known", () => {
    const issued = { token: "T0ken", expiresOnTimestamp: 1_796_041_200_000 };
    for (const principal of [undefined, {}, { objectId: undefined }])
      expect(JSON.parse(tokenDocument(issued, principal))).toEqual(token);
  });

  it.each([
    ["", "is empty"],
    [" \n", "is empty"],
    ["[]", "not a JSON object"],
    ["null", "not a JSON object"],
    ['"T0ken"', "not a JSON object"],
    [`Signing in...\n${JSON.stringify(token)}`, "does not begin with its JSON object"],
    [`${JSON.stringify(token)}\n${JSON.stringify(token)}`, "something follows it"],
    [`${JSON.stringify(token)}\nDone.`, "something follows it"],
    [JSON.stringify(token).slice(0, 30), "incomplete"],
    [withToken({ version: undefined }), "no `version`"],
    [withToken({ version: "1" }), "no `version`, or another one than 1"],
    [withToken({ version: 2 }), "another one than 1"],
    [withToken({ token: undefined }), "no `token`"],
    [withToken({ token: "" }), "no `token`"],
    [withToken({ token: ["T0ken"] }), "no `token`"],
    [withToken({ token: "T0\u0000ken" }), "no header can carry"],
    [withToken({ token: "T0ken\r\nX-Header: 1" }), "no header can carry"],
    [withToken({ token: "T0 ken" }), "no header can carry"],
    [withToken({ token: "Tökén" }), "no header can carry"],
    [withToken({ tokenType: undefined }), "no `tokenType`"],
    [withToken({ tokenType: "pop" }), "another one than Bearer"],
    [withToken({ expiresOn: undefined }), "no integer `expiresOn`"],
    [withToken({ expiresOn: "2026-11-30T12:00:00Z" }), "no integer `expiresOn`"],
    [withToken({ expiresOn: 1.5 }), "no integer `expiresOn`"],
    [withToken({ expiresOn: 1_796_041_200_000 }), "in milliseconds"],
    [withToken({ refreshOn: 1_796_041_200_000 }), "`refreshOn` in milliseconds"],
    [withToken({ expiresOn: -1 }), "negative `expiresOn`"],
    [withToken({ refreshOn: null }), "no integer `refreshOn`"],
    [withToken({ principal: "ann" }), "`principal` that is not an object"],
    [withToken({ principal: { objectId: 7 } }), "`principal.objectId` that is not a text"],
    ['{"version":1,"error":{"message":"no code"}}', "error without a `code`"],
    ['{"version":1,"error":{"code":"Not A Code"}}', "error without a `code`"],
  ])("an answer that is not one of the contract is named, and not shown: %j", (document, problem) => {
    const read = readAnswer(document);
    expect(read).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(JSON.stringify(read)).not.toContain("T0");
  });
});

describe("a failure", () => {
  it.each([
    ["not-signed-in", undefined, "not-signed-in"],
    ["scope-not-allowed", undefined, "rejected"],
    ["unauthorized", undefined, "misconfigured"],
    ["unsupported-version", undefined, "failed"],
    ["vault-sealed", undefined, "failed"],
    ["vault-sealed", "unreachable", "unreachable"],
    ["vault-sealed", "cancelled", "failed"],
    ["cancelled", undefined, "failed"],
    ["vault-sealed", "constructor", "failed"],
    ["constructor", undefined, "failed"],
    ["not-signed-in", "unauthorized", "not-signed-in"],
  ])("the code %s with the outcome %s ends as %s", (code, outcome, expected) => {
    const document = JSON.stringify({ version: 1, error: { code, outcome, message: "m" } });
    expect(readAnswer(document)).toEqual({ failure: { code, outcome: expected, message: "m" } });
  });

  it("a failure survives being written and read", () => {
    const refused = failure("scope-not-allowed", "No.", "Start it with another scope.");
    expect(readAnswer(failureDocument(refused))).toEqual({ failure: refused });
    const waits = { ...failure("throttled", "Wait."), retryAfter: 7 };
    expect(readAnswer(failureDocument(waits))).toEqual({ failure: waits });
  });

  it("a failure without text, and with members of other types, is read", () => {
    const error = { code: "failed", message: 1, remedy: " ", retryAfter: "soon" };
    expect(readAnswer(JSON.stringify({ version: 1, error }))).toEqual({
      failure: { code: "failed", outcome: "failed", message: "" },
    });
  });

  it("an error of an identity becomes a failure, without the remedy in its message", () => {
    const details = { code: "expired-client-secret", remedy: "Make another one." } as const;
    expect(failureOf(outcomeError("rejected", "The secret has expired.", details))).toEqual({
      code: "expired-client-secret",
      outcome: "rejected",
      message: "The secret has expired.",
      remedy: "Make another one.",
    });
    expect(failureOf(outcomeError("throttled", "Wait.", { retryAfterMs: 1_500 }))).toMatchObject({ retryAfter: 2 });
    expect(failureOf(outcomeError("cancelled", "Gone."))).toMatchObject({ code: "cancelled", outcome: "failed" });
  });

  it("an error of another library becomes a failure without its text, which may hold a secret", () => {
    expect(JSON.stringify(failureOf(new Error("s3cret")))).not.toContain("s3cret");
    expect(failureOf("s3cret")).toMatchObject({ code: "failed", outcome: "failed" });
  });

  it.each([
    ["unauthorized", "misconfigured", 401],
    ["scope-not-allowed", "rejected", 403],
    ["not-signed-in", "not-signed-in", 424],
    ["sign-in-expired", "interaction-required", 424],
    ["throttled", "throttled", 429],
    ["tool-failed", "failed", 502],
    ["timeout", "timeout", 504],
  ] as const)("the status of %s, which ends as %s, is %d", (code, outcome, status) => {
    expect(httpStatusOf({ code, outcome })).toBe(status);
  });
});

describe("a request", () => {
  const scopes = ["https://vault.azure.net/.default"] as const;
  const correlationId = "00000000-0000-4000-8000-000000000000";

  it("a request survives being written and read, in one line", () => {
    const asked = { scopes, claims: '{\n"access_token":{}}', enableCae: true, correlationId };
    const document = requestDocument(asked, "contoso.com");
    expect(document).not.toContain("\n");
    expect(readRequest(document)).toEqual({ ...asked, tenantId: "contoso.com" });
  });

  it("a request has no member that it does not need", () => {
    const document = requestDocument({ scopes, claims: undefined, enableCae: false, correlationId }, undefined);
    expect(JSON.parse(document)).toEqual({ version: 1, scopes, correlationId });
    expect(readRequest(document)).toEqual({ scopes, correlationId });
  });

  it.each([
    ["", "invalid-request"],
    ["[]", "invalid-request"],
    ['{"scopes":["a"]}', "unsupported-version"],
    ['{"version":2,"scopes":["a"]}', "unsupported-version"],
    ['{"version":1}', "invalid-request"],
    ['{"version":1,"scopes":[]}', "invalid-request"],
    ['{"version":1,"scopes":"a"}', "invalid-request"],
    ['{"version":1,"scopes":[""]}', "invalid-request"],
    ['{"version":1,"scopes":["a",null]}', "invalid-request"],
    ['{"version":1,"scopes":["a"],"tenantId":7}', "invalid-request"],
    ['{"version":1,"scopes":["a"],"claims":{}}', "invalid-request"],
    ['{"version":1,"scopes":["a"],"enableCae":"yes"}', "invalid-request"],
  ])("a request that is not one of the contract is refused: %j", (document, code) => {
    expect(readRequest(document)).toMatchObject({ code });
  });

  it("members that are null are absent", () => {
    const document = '{"version":1,"scopes":["a"],"tenantId":null,"claims":null,"enableCae":null,"correlationId":null}';
    expect(readRequest(document)).toEqual({ scopes: ["a"] });
  });

  it("members that are not known are ignored", () => {
    expect(readRequest('{"version":1,"scopes":["a"],"later":1}')).toEqual({ scopes: ["a"] });
  });
});

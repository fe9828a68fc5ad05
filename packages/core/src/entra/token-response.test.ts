import { inspect } from "node:util";
import { expect, it } from "vitest";
import { readTokenResponse } from "./token-response.ts";

/** A response with a token for an hour; `changes` make it invalid. */
function tokenAnswer(changes: Readonly<Record<string, unknown>> = {}) {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "opaque", expires_in: 3599, ...changes });
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

const now = Date.UTC(2026, 0, 1);
const read = (response: ReturnType<typeof tokenAnswer>) => readTokenResponse("client-secret", response, now).issued;

it("the lifetime of a token starts when the response arrives", () => {
  expect(read(tokenAnswer())).toEqual({
    token: "opaque",
    tokenType: "Bearer",
    expiresOnTimestamp: now + 3_599_000,
  });
});

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

it.each([
  ["text", { expires_in: "86399", refresh_in: "43199" }],
  ["numbers", { expires_in: 86_399, refresh_in: 43_199 }],
  ["fractions, rounded down", { expires_in: 86_399.9, refresh_in: "43199.5" }],
])("lifetimes are read as %s", (_, fields) => {
  expect(read(tokenAnswer(fields))).toMatchObject({
    expiresOnTimestamp: now + 86_399_000,
    refreshAfterTimestamp: now + 43_199_000,
  });
});

it("the exp of a JWT is read where expires_in is absent", () => {
  const access_token = jwt({ exp: now / 1000 + 600 });
  expect(read(tokenAnswer({ access_token, expires_in: undefined }))).toMatchObject({
    expiresOnTimestamp: now + 600_000,
  });
});

it("the other members of a response are returned with the token", () => {
  const { fields } = readTokenResponse("client-secret", tokenAnswer({ refresh_token: "next" }), now);
  expect(fields.refresh_token).toBe("next");
});

it.each([0, -1, 3599, 7200, "soon", null, {}])("a refresh_in of %j is ignored", (refresh_in) => {
  expect(read(tokenAnswer({ refresh_in }))).not.toHaveProperty("refreshAfterTimestamp");
});

it.each(["bearer", "BEARER"])("a token of type %s is a bearer token", (token_type) => {
  expect(read(tokenAnswer({ token_type }))).toMatchObject({ tokenType: "Bearer" });
});

it.each([
  ["no access_token", { access_token: undefined }],
  ["an empty access_token", { access_token: "" }],
  ["an access_token that is not text", { access_token: ["opaque"] }],
  ["an access_token that no header can carry", { access_token: "a\r\nx-evil: 1" }],
  ["a token bound to a key", { token_type: "pop" }],
  ["a token without a type", { token_type: undefined }],
  ["a token whose type is null", { token_type: null }],
  ["an opaque token without expires_in", { expires_in: undefined }],
  ["a JWT without expires_in and exp", { access_token: jwt({}), expires_in: undefined }],
  ["a JWT without expires_in that has expired", { access_token: jwt({ exp: now / 1000 }), expires_in: undefined }],
  ["an expires_in of null", { expires_in: null }],
  ["an expires_in of 0", { expires_in: 0 }],
  ["a negative expires_in", { expires_in: -3599 }],
  ["a negative expires_in as text", { expires_in: "-3599" }],
  ["an expires_in in words", { expires_in: "an hour" }],
  ["an empty expires_in", { expires_in: "" }],
  ["a fraction of a second", { expires_in: 0.5 }],
  ["a point in time for expires_in", { expires_in: now / 1000 }],
  ["an expires_in beyond all numbers", { expires_in: 1e300 }],
])("a response with %s is refused", (_, changes) => {
  expect(() => read(tokenAnswer(changes))).toThrow(expect.objectContaining({ code: "invalid-token-response" }));
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it.each([
  ["a page", "<html>Sign in to the hotel</html>", { outcome: "failed", code: "captive-portal", statusCode: 200 }],
  [
    "half a token",
    '{"token_type":"Bearer","access_token":"eyJ0eXAi',
    { outcome: "unreachable", code: "incomplete-response" },
  ],
  [
    "half a token after a bracket in a text",
    '{"note":"}\\\\","access_token":"eyJ0eXAi\\\\',
    { outcome: "unreachable", code: "incomplete-response" },
  ],
  ["an object without its end", '{"a":{},"b":[', { outcome: "unreachable", code: "incomplete-response" }],
  ["more than an object", '{"a":"{"}<script>', { outcome: "failed", code: "invalid-token-response", statusCode: 200 }],
  ["a malformed object", "{token: 'abcdefgh'}", { outcome: "failed", code: "invalid-token-response", statusCode: 200 }],
  ["nothing", "", { outcome: "unreachable", code: "incomplete-response" }],
  ["prose", "please come back later", { outcome: "failed", code: "invalid-token-response", statusCode: 200 }],
  ["a list", "[]", { outcome: "failed", code: "invalid-token-response", statusCode: 200 }],
  ["null", "null", { outcome: "failed", code: "invalid-token-response", statusCode: 200 }],
])("a body that holds %s is refused and not quoted", (_, body, expected) => {
  const thrown = thrownBy(() => read({ ...tokenAnswer(), body }));
  expect(thrown).toMatchObject(expected);
  if (body.length > 4) expect(inspect(thrown, { depth: 9 })).not.toContain(body.slice(-8));
});

it("a body of the type of web pages is a captive portal's, which the message says", () => {
  const headers = { "content-type": "text/html; charset=utf-8" };
  const thrown = thrownBy(() => read({ status: 200, headers, body: "Welcome" }));
  expect(thrown).toMatchObject({ code: "captive-portal", message: expect.stringContaining("captive portal") });
});

it("a compressed body is refused as one that was not requested", () => {
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  const thrown = thrownBy(() => read({ status: 200, headers, body: "\u001f\ufffd\b" }));
  expect(thrown).toMatchObject({
    code: "invalid-token-response",
    message: expect.stringContaining("it is compressed, which was not requested"),
  });
});

it("a byte order mark before a body is ignored", () => {
  const answer = tokenAnswer();
  expect(read({ ...answer, body: `\uFEFF${answer.body}` })).toMatchObject({ token: "opaque" });
});

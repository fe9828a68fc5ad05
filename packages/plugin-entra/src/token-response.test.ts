import { inspect } from "node:util";
import { expect, it } from "vitest";
import { tokenAnswer } from "../test/source-context.ts";
import { readTokenResponse } from "./token-response.ts";

const now = Date.UTC(2026, 0, 1);
const read = (response: ReturnType<typeof tokenAnswer>) => readTokenResponse("client-secret", response, now);

it("the lifetime of a token starts when the response arrives", () => {
  expect(read(tokenAnswer())).toEqual({
    token: "opaque",
    tokenType: "Bearer",
    expiresOnTimestamp: now + 3_599_000,
  });
});

it.each([
  ["text", { expires_in: "86399", refresh_in: "43199" }],
  ["numbers", { expires_in: 86_399, refresh_in: 43_199 }],
])("takes times as %s", (_, fields) => {
  expect(read(tokenAnswer(fields))).toMatchObject({
    expiresOnTimestamp: now + 86_399_000,
    refreshAfterTimestamp: now + 43_199_000,
  });
});

it.each([0, -1, 3599, 7200, "soon", null, {}])("a refresh_in of %j is ignored", (refresh_in) => {
  expect(read(tokenAnswer({ refresh_in }))).not.toHaveProperty("refreshAfterTimestamp");
});

it.each(["bearer", "BEARER", undefined])("a token of type %s is a bearer token", (token_type) => {
  expect(read(tokenAnswer({ token_type }))).toMatchObject({ tokenType: "Bearer" });
});

it.each([
  ["no access_token", { access_token: undefined }],
  ["an empty access_token", { access_token: "" }],
  ["an access_token that is not text", { access_token: ["opaque"] }],
  ["an access_token that no header can carry", { access_token: "a\r\nx-evil: 1" }],
  ["a token bound to a key", { token_type: "pop" }],
  ["a token of no type", { token_type: null }],
  ["no expires_in", { expires_in: undefined }],
  ["an expires_in of null", { expires_in: null }],
  ["an expires_in of 0", { expires_in: 0 }],
  ["a negative expires_in", { expires_in: -3599 }],
  ["an expires_in in words", { expires_in: "an hour" }],
  ["an empty expires_in", { expires_in: "" }],
  ["a fraction of a second", { expires_in: 0.5 }],
  ["a point in time for expires_in", { expires_in: now / 1000 }],
  ["an expires_in beyond all numbers", { expires_in: 1e300 }],
])("refuses %s", (_, changes) => {
  expect(() => read(tokenAnswer(changes))).toThrow(expect.objectContaining({ code: "invalid-token-response" }));
});

it.each([
  ["a page", "<html>Sign in to the hotel</html>"],
  ["half a token", '{"token_type":"Bearer","access_token":"eyJ0eXAi'],
  ["nothing", ""],
  ["a list", "[]"],
  ["null", "null"],
])("refuses %s and does not quote it", (_, body) => {
  const thrown = (() => {
    try {
      return read({ ...tokenAnswer(), body });
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toMatchObject({ outcome: "failed", code: "invalid-token-response", statusCode: 200 });
  if (body.length > 4) expect(inspect(thrown, { depth: 9 })).not.toContain(body.slice(-8));
});

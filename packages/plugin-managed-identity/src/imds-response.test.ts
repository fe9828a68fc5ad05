import { expect, it } from "vitest";
import { createImdsHistory, isImdsResponse } from "./imds-response.ts";

const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const oauth = { error: "invalid_request", error_description: "Required metadata header not specified" };

it.each<[string, number, unknown]>([
  ["a token", 200, { access_token: "T", expires_on: "1" }],
  ["an error as in OAuth", 400, oauth],
  ["such an error with a byte order mark", 400, `\uFEFF${JSON.stringify(oauth)}`],
  ["a code alone", 500, { error: "unknown" }],
  ["an error text with a description", 429, { error: "Too many", error_description: "Later" }],
  ["a wrong version", 400, { error: "Bad request. api-version is invalid", "newest-versions": ["2025-04-07"] }],
  ["the nested form", 400, { error: { code: "BadRequest", message: "No" } }],
])("isImdsResponse accepts %s", (_, status, body) => {
  expect(isImdsResponse(answer(status, body))).toBe(true);
});

it.each<[string, number, unknown]>([
  ["HTML", 400, "<html>"],
  ["an empty body", 500, ""],
  ["a list", 400, [oauth]],
  ["JSON without an error", 400, {}],
  ["JSON of Oracle's service", 400, { code: 400, message: "Bad Request" }],
  ["JSON of Google's", 400, { error: { code: 400, message: "Bad", status: "INVALID_ARGUMENT" } }],
  ["JSON of a gateway", 503, { status: 503, error: "Service Unavailable", path: "/metadata" }],
  ["200 without a token", 200, oauth],
  ["a redirect", 302, oauth],
  ["401", 401, oauth],
  ["403", 403, oauth],
  ["404", 404, oauth],
])("isImdsResponse refuses %s", (_, status, body) => {
  expect(isImdsResponse(answer(status, body))).toBe(false);
});

it("the history keeps the first response of the metadata service, whatever follows", () => {
  const history = createImdsHistory();
  history.record(answer(404, ""));
  expect(history.hasAnswered).toBe(false);
  history.record(answer(400, oauth));
  history.record(answer(502, "<html>"));
  expect(history.hasAnswered).toBe(true);
});

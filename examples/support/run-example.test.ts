import { expect, it } from "vitest";
import { showsToken } from "./run-example.ts";

it.each([
  ["a token in a log line", "token: eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2ln", true],
  ["the first letters of a token", "eyJ0eXAiOiJK...", true],
  ["a token without a header", "e30.eyJvaWQiOiIxIn0.", true],
  ["claims in base64", 'claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="', false],
  ["a line of words", "Hello, ann@contoso.example.", false],
])("The examples' tests find a token in a text: %s", (_, text, shown) => {
  expect(showsToken(text)).toBe(shown);
});

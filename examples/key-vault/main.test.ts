import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

/** Without access to other machines. */
const { status, signal, stdout, output } = runExample(import.meta.dirname, { HTTPS_PROXY: "http://127.0.0.1:9" });
const [beforeRevocation = "", afterRevocation = ""] = stdout.split("\nRevoked the session");
const requests = (part: string) => part.match(/(GET|PUT|POST) +\S+ +\d{3}/g)?.map((row) => row.replace(/ +/g, " "));

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("one token stores a secret and reads it", () => {
  expect(beforeRevocation).toMatch(/^Stored the secret "greeting" and read it: Hello from azidentity!$/m);
  expect(requests(beforeRevocation)).toEqual([
    "PUT /secrets/greeting 401",
    "POST /{tenant}/oauth2/v2.0/token 200",
    "PUT /secrets/greeting 200",
    "GET /secrets/greeting/ 200",
  ]);
  expect(beforeRevocation).toMatch(/^Requests for a token: 1$/m);
});

test("after a revocation, one call gets a new token with the claims of the vault", () => {
  expect(afterRevocation).toMatch(/^, and read the secret again: Hello from azidentity!$/m);
  expect(requests(afterRevocation)).toEqual([
    "GET /secrets/greeting/ 401",
    "POST /{tenant}/oauth2/v2.0/token 200",
    "GET /secrets/greeting/ 200",
  ]);
  expect(beforeRevocation).not.toContain('"nbf"');
  expect(afterRevocation).toMatch(/ claims \{.*"nbf":\{"essential":true,"value":"\d+"\}.*\}$/m);
  expect(afterRevocation).toMatch(/^Requests for a token: 1\nThe token is a new one\.$/m);
});

test("the example prints the walk and its application, and shows no token", () => {
  expect(output).toMatch(/^ {2}client-secret +token +\d+ ms +\S/m);
  expect(output).toMatch(
    /^Ran as\n {2}application {2}[\da-f-]{36}\n {2}object {7}[\da-f-]{36}\n {2}tenant {7}[\da-f-]{36}$/m,
  );
  expect(output).not.toContain("\u001b"); // no colours
  expect(showsToken(output)).toBe(false);
});

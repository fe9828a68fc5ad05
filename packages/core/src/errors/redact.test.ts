import { expect, it } from "vitest";
import { isSecretName, redact, secretsOfRequest } from "./redact.ts";

/** Stands for whatever may not be seen. */
const canary = "c4n4ry-7Xq~9_Zw";
const jwt = `eyJ0eXAiOiJKV1QifQ.${Buffer.from(canary).toString("base64url")}.c2lnbmF0dXJl`;
const pem = (label: string) =>
  `-----BEGIN ${label}-----\n${canary}\n${"A".repeat(64)}\n${canary}\n-----END ${label}-----`;

const secrets: readonly (readonly [string, string])[] = [
  ["a form", `grant_type=client_credentials&client_secret=${canary}&scope=x`],
  ["the end of a form", `grant_type=refresh_token&refresh_token=${canary}`],
  ["a code in a redirect", `http://localhost/?code=${canary}&state=1`],
  ["a device code", `device_code=${canary}`],
  ["an assertion", `client_assertion=${canary}&assertion=${canary}`],
  ["a name in capitals", `CLIENT_SECRET=${canary}`],
  ["JSON", `{"access_token":"${canary}","expires_in":3599}`],
  ["JSON with blanks", `{ "refresh_token" : "${canary}" }`],
  ["JSON in the words of a tool", `{"accessToken": "${canary}"}`],
  ["options of ours", `{"clientSecret":"${canary}","clientAssertion":"${canary}"}`],
  ["an issued token", `{"token":"${canary}"}`],
  ["single quotes, as printed by Node", `{ client_secret: 1, 'client_secret': '${canary}' }`],
  ["JSON with an escaped quote in the secret", `{"password":"a\\"${canary}"}`],
  ["JSON inside a JSON string", JSON.stringify(JSON.stringify({ refresh_token: canary, id_token: canary }))],
  ["JSON that breaks off", `{"client_secret":"${canary}`],
  ["headers as JSON", `{"Authorization":"Basic ${canary}","X-IDENTITY-HEADER":"${canary}"}`],
  ["an authorization header", `Authorization: Bearer ${canary}`],
  ["an authorization header of two words", `authorization: Basic ${canary}`],
  ["the header of App Service", `X-IDENTITY-HEADER: ${canary}`],
  ["the header of older hosts", `secret: ${canary}`],
  ["a bearer token in a sentence", `It sent Bearer ${canary.repeat(2)} to the host`],
  ["basic credentials in a sentence", "It sent Basic YzRuNHJ5LTdYcX45X1p3YzRuNHJ5 to the host"],
  ["a URL with a password", `connect to http://user:${canary}@proxy:8080 failed`],
  ["a private key", pem("PRIVATE KEY")],
  ["an RSA private key", pem("RSA PRIVATE KEY")],
  ["an encrypted private key", pem("ENCRYPTED PRIVATE KEY")],
  ["a private key without an end", pem("PRIVATE KEY").slice(0, 90)],
];
it.each(secrets)("the secret is redacted in %s", (_, text) => {
  const clean = redact(text);
  expect(clean).toContain("[redacted]");
  for (const piece of [canary, "YzRuNHJ5"]) expect(clean).not.toContain(piece);
});

it.each([
  ["a whole one", jwt],
  ["one in quotes", `"${jwt}"`],
  ["its first part alone", jwt.split(".")[0] as string],
  ["an encrypted one of five parts", `${jwt}.part4.part5`],
  ["one that is cut", jwt.slice(0, 30)],
])("a JWT is redacted: %s", (_, text) => {
  expect(redact(`before ${text} after`).replaceAll('"', "")).toBe("before [redacted] after");
});

it("redacting keeps the names of fields", () => {
  expect(redact(`a=1&client_secret=${canary}&b=2`)).toBe("a=1&client_secret=[redacted]&b=2");
  expect(redact(`{"id_token":"${canary}","n":1}`)).toBe('{"id_token":[redacted],"n":1}');
});

it.each([
  "Status code: 500",
  "client-secret: rejected. The secret has expired.",
  '{"error":"invalid_client","error_codes":[7000215],"code":"ResourceNotFound"}',
  "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.",
  "error_code=5",
  '{"expires_in":3599,"token_type":"Bearer"}',
  "grant_type=client_credentials&client_id=00000000-0000-0000-0000-000000000001",
  "The certificate of login.contoso.com:443 is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT).",
  "Basic authentication is off; set a password.",
  "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
])("text without a secret is unchanged: %s", (text) => {
  expect(redact(text)).toBe(text);
});

it("redacting twice makes no difference", () => {
  for (const [, text] of secrets) expect(redact(redact(text))).toBe(redact(text));
});

it.each([
  ["one letter", "a".repeat(1_048_576)],
  ["beginnings of tokens", "eyJ".repeat(349_525)],
  ["beginnings of keys", "-----BEGIN PRIVATE KEY-----".repeat(40_000)],
  ["names without a value", '"client_secret" : '.repeat(60_000)],
  ["backslashes", `"secret":"${"\\".repeat(1_048_576)}`],
  ["slashes", "//".repeat(524_288)],
])("a megabyte of hostile text is cut before it is searched: %s", (_, text) => {
  expect(redact(text).length).toBeLessThanOrEqual(2048 * 4);
  expect(redact(text, 16).length).toBeLessThan(64);
});

it("known secrets are blanked out before the text is cut, so that no part of one is left", () => {
  const text = `${"x".repeat(20)} ${JSON.stringify('c4n4ry"+/=secret')}`;
  for (let limit = 1; limit < text.length + 2; limit++) {
    const shown = redact(text, limit, ['c4n4ry"+/=secret']);
    expect(shown.slice(0, 20)).toMatch(/^x+/);
    expect(shown).not.toMatch(/c4n4|secret/);
  }
});

it("the secrets of a request are found in headers, query and body", () => {
  const form = new URLSearchParams({ client_secret: "of the+form", scope: "s", code: "of ann" }).toString();
  const sent = (more: object) => secretsOfRequest({ url: "https://localhost/", ...more });
  expect(sent({ body: form })).toEqual(["of the+form", "of ann"]);
  expect(sent({ body: JSON.stringify({ a: { password: "p" }, list: [{ token: "t" }], client_id: "c" }) })).toEqual([
    "p",
    "t",
  ]);
  expect(sent({ url: "https://localhost/?code=c0de&client_id=c" })).toEqual(["c0de"]);
  expect(sent({ headers: { Secret: "k", "X-Identity-Header": "i", Accept: "a" } })).toEqual(["k", "i"]);
  expect(sent({ headers: { authorization: "Bearer b" } })).toEqual(["Bearer b", "b"]);
  const basic = Buffer.from("app:pass:word").toString("base64");
  expect(sent({ headers: { Authorization: `Basic ${basic}` } })).toEqual([`Basic ${basic}`, basic, "pass:word"]);
  expect(sent({ url: "not a URL", body: "no form" })).toEqual([]);
});

it("a text that was cut ends with a mark", () => {
  expect(redact("abcdef", 3)).toBe("abc...");
  expect(redact("abc", 3)).toBe("abc");
});

it("some fields are never shown", () => {
  const names = ["clientSecret", "client_secret", "password", "token", "accessToken", "refresh_token", "Authorization"];
  expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  expect(["code", "tokenType", "clientId", "secretName", ""].filter(isSecretName)).toEqual([]);
});

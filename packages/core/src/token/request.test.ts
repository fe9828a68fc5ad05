import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeRequest, normalizeScopes, normalizeTenant } from "./request.ts";

const refused = (code: string) => expect.objectContaining({ code, outcome: "misconfigured" });

describe("scopes", () => {
  it.each([
    ["https://vault.azure.net", ["https://vault.azure.net/.default"]],
    ["https://vault.azure.net/.default", ["https://vault.azure.net/.default"]],
    ["https://management.azure.com/", ["https://management.azure.com//.default"]],
    ["https://management.azure.com//.default", ["https://management.azure.com//.default"]],
    ["https://graph.microsoft.com/User.Read", ["https://graph.microsoft.com/User.Read"]],
    ["https://x/.default/.default", ["https://x/.default/.default"]],
    ["api://0d5b9e5f-0000-4000-8000-000000000001", ["api://0d5b9e5f-0000-4000-8000-000000000001/.default"]],
    ["0D5B9E5F-0000-4000-8000-000000000001", ["0D5B9E5F-0000-4000-8000-000000000001/.default"]],
    ["User.Read offline_access", ["User.Read", "offline_access"]],
    ["  User.Read  ", ["User.Read"]],
    [
      ["b/.default", "a/.default", "b/.default"],
      ["a/.default", "b/.default"],
    ],
    [["https://a", "https://a/.default"], ["https://a/.default"]],
    [".default", [".default"]],
    ["x".repeat(1_024), ["x".repeat(1_024)]],
    [`a://${"x".repeat(1_010)}`, [`a://${"x".repeat(1_010)}/.default`]],
  ])("the scopes %j become %j", (scopes, expected) => {
    expect(normalizeScopes(scopes)).toEqual(expected);
  });

  it.each([[[]], [""], [[""]], ["   "], [["", " "]], [undefined], [null]])("scopes are missing in %j", (scopes) => {
    expect(() => normalizeScopes(scopes)).toThrow(refused("no-scope"));
  });

  it.each([
    [1],
    [{}],
    [["a", 1]],
    [[["a"]]],
    ['a"b'],
    ["a'b"],
    ["a\\b"],
    ["`id`"],
    ["a\nb"],
    ["https://vault.azure.net\n"],
    ["a\tb"],
    ["a\0b"],
    ["é"],
    ["x".repeat(1_025)],
    [`https://${"x".repeat(1_016)}`],
  ])("scopes are refused: %j", (scopes) => {
    expect(() => normalizeScopes(scopes)).toThrow(refused("invalid-scope"));
  });

  /** Text that makes a scope, or nearly. */
  const scope = fc.oneof(
    fc.uuid(),
    fc.webUrl({ withQueryParameters: true }),
    fc.constantFrom("https://a", "https://a/", "https://a/.default", "api://b", "User.Read", " ", ""),
    fc.string(),
    fc.integer({ min: 1_005, max: 1_030 }).map((length) => `https://${"x".repeat(length)}`),
  );
  const list = fc.array(scope, { maxLength: 6 });
  const attempt = (scopes: unknown) => {
    try {
      return normalizeScopes(scopes);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(no|invalid)-scope$/) });
      return undefined;
    }
  };

  it("scopes are the same when they are normalised twice", () => {
    fc.assert(
      fc.property(list, (scopes) => {
        const once = attempt(scopes);
        fc.pre(once !== undefined);
        expect(normalizeScopes(once)).toEqual(once);
      }),
    );
  });

  it("scopes are the same in any order, as a list and as a text", () => {
    fc.assert(
      fc.property(list, (scopes) => {
        const once = attempt(scopes);
        expect(attempt([...scopes].reverse())).toEqual(once);
        if (once !== undefined) expect(attempt(scopes.join(" "))).toEqual(once);
      }),
    );
  });

  it("scopes are never empty and hold no duplicate", () => {
    fc.assert(
      fc.property(list, (scopes) => {
        const once = attempt([...scopes, ...scopes]);
        fc.pre(once !== undefined);
        expect(new Set(once).size).toBe(once?.length);
        expect(once?.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("a tenant", () => {
  it.each([
    ["contoso.onmicrosoft.com", "contoso.onmicrosoft.com"],
    ["Contoso.COM", "contoso.com"],
    ["0D5B9E5F-0000-4000-8000-00000000000A", "0d5b9e5f-0000-4000-8000-00000000000a"],
    ["common", "common"],
    ["adfs", "adfs"],
    ["x".repeat(255), "x".repeat(255)],
  ])("the tenant %s becomes %s", (tenant, expected) => {
    expect(normalizeTenant(tenant)).toBe(expected);
  });

  const bad = [
    "",
    " ",
    "-x",
    "--debug",
    "a/b",
    "..",
    "a%2fb",
    "a?b",
    "a#b",
    "a\nb",
    "a\n",
    "a;b",
    "a&b",
    "$(id)",
    "`id`",
  ];
  it.each([...bad, "é", "\u212a", "contoso.com.", "a b", "x".repeat(256), "x".repeat(10_000), 1, null, undefined, {}])(
    "a tenant is refused: %j",
    (tenant) => {
      expect(() => normalizeTenant(tenant)).toThrow(refused("invalid-tenant"));
    },
  );
});

describe("claims", () => {
  const claims = (text: unknown) => normalizeRequest("s", { claims: text as string }).claims;

  it.each([
    '{"access_token":{"xms_cc":{"values":["x"]}}}',
    "{}",
    '{ "id_token": {} }',
    '{"__proto__":{"access_token":1}}',
    '{"a":1,"a":2}',
    '{"nbf":"ü"}',
  ])("claims are passed on unchanged: %s", (text) => {
    expect(claims(text)).toBe(text);
  });

  it.each([
    "",
    "   ",
    "null",
    "[]",
    '"str"',
    "1",
    "{",
    '{"access_token":null}',
    '{"id_token":null}',
    '{"access_token":"x"}',
    '{"access_token":[]}',
    Buffer.from('{"access_token":{}}').toString("base64"),
    `{"a":"${"x".repeat(1_048_576)}"}`,
    null,
    {},
  ])("claims are refused: %j", (text) => {
    expect(() => claims(text)).toThrow(refused("invalid-claims"));
  });
});

it("a message does not quote hostile text", () => {
  const hostile = 'c4n4ry"\n';
  for (const attempt of [
    () => normalizeScopes(hostile),
    () => normalizeTenant(hostile),
    () => normalizeRequest("s", { claims: hostile }),
  ]) {
    expect(attempt).toThrow(refused(expect.any(String)));
    expect(attempt).not.toThrow(/c4n4ry/);
  }
});

it("a call is normalised and frozen, with a correlation id", () => {
  const request = normalizeRequest(["https://a"], { tenantId: "T.example", claims: "{}", enableCae: true });
  expect(request).toMatchObject({
    scopes: ["https://a/.default"],
    tenantId: "t.example",
    claims: "{}",
    enableCae: true,
  });
  expect(Object.isFrozen(request) && Object.isFrozen(request.scopes)).toBe(true);
  expect(request.correlationId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(normalizeRequest("s").correlationId).not.toBe(request.correlationId);
});

it("the correlation id of a caller is kept, and one that is no GUID fails no request", () => {
  const correlationId = "0f3a1c1e-5f6d-4d0c-9f0e-000000000001";
  expect(normalizeRequest("s", { correlationId }).correlationId).toBe(correlationId);
  for (const wrong of ["", "42", `${correlationId}&client_secret=x`, `${correlationId}\r\n`, 42 as never])
    expect(normalizeRequest("s", { correlationId: wrong }).correlationId).toMatch(/^[0-9a-f-]{36}$/);
});

it("options that are missing stay undefined", () => {
  expect(normalizeRequest("s", {}, "assertion")).toMatchObject({
    tenantId: undefined,
    claims: undefined,
    enableCae: false,
    proofOfPossession: undefined,
    userAssertion: "assertion",
  });
});

import { expect, it } from "vitest";
import type { Principal } from "../contract/token.ts";
import { accessToken } from "./access-token.ts";
import { principalOf } from "./principal.ts";

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
const of = (token: string, said?: Principal) =>
  principalOf(accessToken({ token, expiresOnTimestamp: 1, tokenType: "Bearer", principal: said }));

it("tenant, object, application and user are read from the claims", () => {
  expect(of(jwt({ tid: "t", oid: "o", appid: "a", upn: "ann@contoso.com" }))).toEqual({
    tenantId: "t",
    objectId: "o",
    clientId: "a",
    username: "ann@contoso.com",
  });
});

it.each([
  [{ azp: "a" }, { clientId: "a" }],
  [{ appid: "a", azp: "b" }, { clientId: "a" }],
  [{ preferred_username: "p", unique_name: "u" }, { username: "p" }],
  [{ unique_name: "u" }, { username: "u" }],
  [{ tid: 1, oid: "", appid: null }, {}],
])("the claims %j are read as %j", (claims, principal) => {
  expect(of(jwt(claims))).toEqual(principal);
});

it("claims of the token take precedence over the source's principal, which fills gaps", () => {
  const said = { tenantId: "said", objectId: "said", username: "said" };
  expect(of(jwt({ tid: "t", upn: "u" }), said)).toEqual({ tenantId: "t", objectId: "said", username: "u" });
});

it.each([
  ["opaque text", "EwB4A8l6BAAU"],
  ["no JSON inside", "a.b.c"],
  ["a JSON list inside", jwt([1])],
  ["JSON null inside", jwt(null)],
  ["a JSON text inside", jwt("x")],
  ["an empty middle", "a..c"],
  ["a megabyte", jwt({ tid: "x".repeat(1_048_576) })],
])("the principal comes from the source when the token is %s", (_, token) => {
  expect(of(token)).toEqual({});
  expect(of(token, { clientId: "c" })).toEqual({ clientId: "c" });
});

it("the principal of a copy, and of a token of another library, is what the token says", () => {
  const token = accessToken({
    token: jwt({ oid: "o" }),
    expiresOnTimestamp: 1,
    tokenType: "Bearer",
    principal: { username: "u" },
  });
  expect(principalOf(token)).toEqual({ objectId: "o", username: "u" });
  expect(principalOf({ ...token })).toEqual({ objectId: "o" });
});

it.each([undefined, null, {}, { token: 5 }, "text"])("what is no token has no principal: %j", (odd) => {
  expect(principalOf(odd as never)).toEqual({});
});

it("a token looks the same with a principal and without", () => {
  const plain = accessToken({ token: "t", expiresOnTimestamp: 1, tokenType: "Bearer" });
  const known = accessToken({ token: "t", expiresOnTimestamp: 1, tokenType: "Bearer", principal: { username: "u" } });
  expect(JSON.stringify(known)).toBe(JSON.stringify(plain));
  expect({ ...known }).toStrictEqual({ ...plain });
});

import type { Principal } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { createPrincipalPin } from "./principal-pin.ts";

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
const issued = (token: string, principal?: Principal) => ({
  token,
  principal,
  expiresOnTimestamp: 1,
  tokenType: "Bearer" as const,
});
const ann = { tid: "t", oid: "ann", appid: "cli" };

it.each<[string, string, Principal | undefined, string, Principal | undefined, boolean]>([
  ["the same object id", jwt(ann), undefined, jwt({ ...ann, iat: 2 }), undefined, false],
  ["the same user in another client", jwt(ann), undefined, jwt({ ...ann, appid: "editor" }), undefined, false],
  ["another letter case", jwt(ann), undefined, jwt({ ...ann, oid: "ANN" }), undefined, false],
  ["another object id", jwt(ann), undefined, jwt({ ...ann, oid: "bob" }), undefined, true],
  ["another tenant", jwt(ann), undefined, jwt({ ...ann, tid: "u" }), undefined, true],
  ["an opaque token of an unknown principal", jwt(ann), undefined, "opaque", undefined, false],
  ["an opaque token of the same principal", jwt(ann), undefined, "opaque", { objectId: "ann" }, false],
  ["an opaque token of another principal", jwt(ann), undefined, "opaque", { objectId: "bob" }, true],
  ["another application", "opaque", { clientId: "a" }, "opaque", { clientId: "b" }, true],
  ["another account name", "opaque", { username: "a@x" }, "opaque", { username: "b@x", clientId: "c" }, true],
  ["names of different kinds", "opaque", { username: "a@x" }, "opaque", { clientId: "c" }, false],
])("a second token of %s", (_, first, firstPrincipal, second, secondPrincipal, isChange) => {
  const pin = createPrincipalPin();
  const before = pin(undefined, issued(first, firstPrincipal));
  const after = pin(undefined, issued(second, secondPrincipal));
  expect(after !== before).toBe(isChange);
});

it("a user has another object id in another tenant, which is no change", () => {
  const pin = createPrincipalPin();
  const own = pin(undefined, issued(jwt(ann)));
  expect(pin("u", issued(jwt({ tid: "u", oid: "guest" })))).toBe(own);
  expect(pin(undefined, issued(jwt(ann)))).toBe(own);
  expect(pin("u", issued(jwt({ tid: "u", oid: "another" })))).not.toBe(own);
});

it("a token that says less does not erase what is known", () => {
  const pin = createPrincipalPin();
  const before = pin(undefined, issued(jwt(ann)));
  pin(undefined, issued("opaque"));
  expect(pin(undefined, issued(jwt({ ...ann, oid: "bob" })))).not.toBe(before);
});

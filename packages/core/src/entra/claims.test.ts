import { expect, it } from "vitest";
import { requestClaims } from "./token-client.ts";

const cp1 = { xms_cc: { values: ["cp1"] } };
const nbf = { essential: true, value: "1603742800" };
const parsed = (claims: string | undefined, enableCae: boolean) => {
  const result = requestClaims({ claims, enableCae });
  return result === undefined ? undefined : JSON.parse(result);
};

it.each([
  ["no challenge and no capability", undefined, false, undefined],
  ["a challenge alone", JSON.stringify({ access_token: { nbf } }), false, { access_token: { nbf } }],
  ["the capability alone", undefined, true, { access_token: cp1 }],
  ["both", JSON.stringify({ access_token: { nbf } }), true, { access_token: { nbf, ...cp1 } }],
  ["another capability in the challenge", '{"access_token":{"xms_cc":{"values":["x"]}}}', true, { access_token: cp1 }],
  [
    "claims of the id_token",
    '{"id_token":{"auth_time":null}}',
    true,
    { id_token: { auth_time: null }, access_token: cp1 },
  ],
  ["an access_token of null", '{"access_token":null}', true, { access_token: cp1 }],
  ["a text that is not an object", "[]", true, { access_token: cp1 }],
])("the claims of a request with %s are merged", (_, claims, enableCae, expected) => {
  expect(parsed(claims, enableCae)).toEqual(expected);
});

it("claims cannot change the prototype of an object", () => {
  const claims = requestClaims({
    claims: '{"__proto__":{"evil":1},"access_token":{"__proto__":{"evil":1}}}',
    enableCae: true,
  });
  expect(claims).toContain("cp1");
  expect(({} as { evil?: unknown }).evil).toBeUndefined();
});

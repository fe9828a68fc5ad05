import { expect, it } from "vitest";
import { readBearerChallenge } from "./challenge.ts";

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1603742800"}}}';
const encoded = Buffer.from(claims).toString("base64");

it.each([
  [
    "as continuous access evaluation sends it",
    `Bearer realm="", authorization_uri="https://login/common", error="insufficient_claims", claims="${encoded}"`,
  ],
  ["after another scheme", `PoP nonce="abc", Bearer error="insufficient_claims", claims="${encoded}"`],
  ["before another scheme that has claims, too", `Bearer claims="${encoded}", PoP claims="e30="`],
  ["without quotes", `bearer claims=${encoded}`],
  ["with the alphabet of URLs", `Bearer claims="${Buffer.from(claims).toString("base64url")}"`],
])("claims are found %s", (_, header) => {
  expect(readBearerChallenge(header)?.claims).toBe(claims);
});

it("an error and a scope are read", () => {
  const header = 'Bearer error="insufficient_scope", scope="api://other/.default"';
  expect(readBearerChallenge(header)).toEqual({
    claims: undefined,
    error: "insufficient_scope",
    scope: "api://other/.default",
  });
});

it.each([
  ["no header", undefined],
  ["another scheme", `PoP claims="${encoded}"`],
  ["claims that are not base64 of JSON", 'Bearer claims="%%%"'],
  ["claims that are no object", `Bearer claims="${Buffer.from("[1]").toString("base64")}"`],
  ["a very long header", `Bearer claims="${encoded}", x="${"y".repeat(20_000)}"`],
])("%s has no claims", (_, header) => {
  expect(readBearerChallenge(header)?.claims).toBeUndefined();
});

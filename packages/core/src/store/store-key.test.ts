import fc from "fast-check";
import { expect, it } from "vitest";
import type { NormalizedRequest } from "../contract/token.ts";
import { createTestRequest } from "../test-kit/test-context.ts";
import { readStoreKey, storeKey } from "./store-key.ts";

const word = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", " ", '"', ",", "a b", "null", "__proto__"));
const perhaps = fc.option(word, { nil: undefined });
const owner = fc.record({ source: word, subject: word, account: perhaps, authorityHost: word });
const request = fc.record({
  scopes: fc.array(word, { minLength: 1, maxLength: 3 }),
  tenantId: perhaps,
  enableCae: fc.boolean(),
});
const parts = fc.tuple(owner, request, perhaps);
const keyOf = ([one, asked, user]: [Parameters<typeof storeKey>[0], object, string | undefined]) =>
  storeKey(one, createTestRequest(asked) as NormalizedRequest, user);

it("two store keys are equal only for equal owners and requests", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

it("a store key can be read back", () => {
  fc.assert(
    fc.property(parts, ([one, asked, user]) => {
      expect(readStoreKey(keyOf([one, asked, user]))).toEqual({ ...one, ...asked, user });
    }),
  );
});

it.each([
  "",
  "null",
  "{}",
  "[]",
  "not JSON",
  '["azidentity.user.1","https://login.microsoftonline.com","app","account"]',
  '["azidentity.token.2","azure-cli","me",null,"https://host",null,null,false,"scope"]',
  '["azidentity.token.1","azure-cli","me",null,"https://host",null,null,false]',
  '["azidentity.token.1","azure-cli","me",null,"https://host",null,null,"false","scope"]',
  '["azidentity.token.1","azure-cli","me",{},"https://host",null,null,false,"scope"]',
  '["azidentity.token.1",null,"me",null,"https://host",null,null,false,"scope"]',
  '["azidentity.token.1","azure-cli","me",null,"https://host",null,null,false,7]',
])("%j is not read as a store key", (key) => {
  expect(readStoreKey(key)).toBeUndefined();
});

it("reading any text as a store key never throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (key) => {
      expect(readStoreKey(key)).toBeUndefined();
    }),
  );
});

import { expect, it } from "vitest";
import { readCallOptions } from "./call-options.ts";

it.each([
  ["options that all have a value", { enableCae: false, tenantId: "t" }, { enableCae: false, tenantId: "t" }],
  ["options without a value", { tenantId: undefined, claims: null, enableCae: true }, { enableCae: true }],
  ["blank claims", { claims: "  ", tenantId: "t" }, { tenantId: "t" }],
  ["no options", null, {}],
])("Of %s, those with a value are read, and the caller's object stays as it is", (_, given, expected) => {
  const frozen = Object.freeze(given);
  expect(readCallOptions(frozen as object)).toEqual(expected);
  expect(Object.keys(readCallOptions(frozen as object))).toEqual(Object.keys(expected));
});

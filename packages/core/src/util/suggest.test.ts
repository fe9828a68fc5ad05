import { expect, it } from "vitest";
import { didYouMean, nearest } from "./suggest.ts";

const known = ["tenantId", "clientId", "clientSecret", "azure-cli", "managed-identity"];

it.each([
  ["a swap of two neighbours", "teantnId", "tenantId"],
  ["a letter too few", "clentId", "clientId"],
  ["a letter too many", "tennantId", "tenantId"],
  ["another case", "TENANTID", "tenantId"],
  ["dashes instead of capitals", "client-secret", "clientSecret"],
  ["no dash", "azurecli", "azure-cli"],
  ["an underscore", "managed_identity", "managed-identity"],
])("finds the name behind %s", (_, wrong, meant) => {
  expect(nearest(wrong, known)).toBe(meant);
});

it("counts a swap as one edit, so that a short word is still found", () => {
  expect(nearest("zA", ["az"])).toBe("az");
});

it("prefers the nearer of two names", () => {
  expect(nearest("clientld", ["clientIdle", "clientId"])).toBe("clientId");
});

it("finds nothing when nothing is near", () => {
  expect(nearest("banana", known)).toBeUndefined();
});

it("asks when a name is near, and lists what there is, sorted, when none is", () => {
  expect(didYouMean("teantId", known)).toBe('Did you mean "tenantId"?');
  expect(didYouMean("banana", ["b-two", "a-one"])).toBe("There is: a-one, b-two.");
  expect(didYouMean("banana", [])).toBe("There is none.");
});

it("answers for a word of a megabyte", () => {
  expect(nearest("x".repeat(1_048_576), known)).toBeUndefined();
});

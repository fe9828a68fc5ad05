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
])("nearest finds the name despite %s", (_, wrong, meant) => {
  expect(nearest(wrong, known)).toBe(meant);
});

it("nearest counts a swap as one edit, so that a short name is still found", () => {
  expect(nearest("zA", ["az"])).toBe("az");
});

it("nearest prefers the more similar of two names", () => {
  expect(nearest("clientld", ["clientIdle", "clientId"])).toBe("clientId");
});

it("nearest finds nothing when no name is similar", () => {
  expect(nearest("banana", known)).toBeUndefined();
});

it("didYouMean suggests a similar name, or lists all names in order", () => {
  expect(didYouMean("teantId", known)).toBe('Did you mean "tenantId"?');
  expect(didYouMean("banana", ["b-two", "a-one"])).toBe("Available: a-one, b-two.");
  expect(didYouMean("banana", [])).toBe("None is available.");
});

it("nearest handles a text of a megabyte", () => {
  expect(nearest("x".repeat(1_048_576), known)).toBeUndefined();
});

import { expect, it } from "vitest";
import { expectPrincipal } from "./expect.ts";

const expected = { tenantId: "T", clientId: "C" };

it("the expected principal passes, regardless of case and of other claims", () => {
  expect(() =>
    expectPrincipal("mine", expected, expected, { tenantId: "t", clientId: "c", objectId: "o" }),
  ).not.toThrow();
  expect(() => expectPrincipal("mine", {}, {}, {})).not.toThrow();
});

it("another principal is refused", () => {
  const check = () => expectPrincipal("mine", expected, expected, { tenantId: "t", clientId: "other" });
  expect(check).toThrow(expect.objectContaining({ code: "unexpected-principal", outcome: "rejected" }));
  expect(check).toThrow(/clientId other/);
});

it.each(["tenantId", "objectId", "clientId"] as const)("refuses a token that does not say its %s", (field) => {
  expect(() => expectPrincipal("mine", { [field]: "x" }, {}, {})).toThrow(
    expect.objectContaining({ code: "unverifiable-principal", outcome: "rejected" }),
  );
});

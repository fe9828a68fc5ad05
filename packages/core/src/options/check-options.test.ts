import { expect, it } from "vitest";
import type { ConfigurationError } from "../errors/errors.ts";
import { checkOptions, checkSomeOptions } from "./check-options.ts";
import { defineOptions } from "./define-options.ts";

const options = defineOptions({ tenantId: { type: "string", required: true }, retries: { type: "number" } });
const owner = { name: "mine", options };

it("passes on options that are right, and takes none where none are described", () => {
  expect(checkOptions(owner, { tenantId: "t" }, "sources.mine")).toEqual({ tenantId: "t" });
  expect(checkOptions({ name: "bare" }, undefined, "sources.bare")).toEqual({});
});

it.each([
  [{ tenantid: "t" }, "unknown-option", "sources.mine.tenantid"],
  [{ tenantId: 1 }, "invalid-option", "sources.mine.tenantId"],
  [{}, "invalid-option", "sources.mine.tenantId"],
])("refuses %j as %s at %s", (given, code, path) => {
  const check = () => checkOptions(owner, given, "sources.mine");
  expect(check).toThrow(expect.objectContaining({ code, path }));
  expect(check).toThrow("mine");
});

it("says how a reference is written where an object may have been meant as one", () => {
  const remedyOf = (tenantId: unknown) => {
    try {
      return checkOptions(owner, { tenantId }, "x");
    } catch (error) {
      return (error as ConfigurationError).remedy;
    }
  };
  expect(remedyOf({ evn: "TENANT" })).toContain('{ env: "NAME" }');
  expect([remedyOf(1), remedyOf(["t"])]).toEqual([undefined, undefined]);
});

it("says what to write in the place of a null that means nothing, and what the default is", () => {
  const described = defineOptions({ tenantId: { type: "string", description: "Default: the config's." } });
  expect(() => checkOptions({ name: "mine", options: described }, { tenantId: null }, "x")).toThrow(
    expect.objectContaining({
      code: "invalid-option",
      remedy: "Give `tenantId` a value, or leave it out. Default: the config's.",
    }),
  );
});

it("does not miss yet what a caller may still add", () => {
  expect(() => checkSomeOptions(owner, {}, "sources.mine")).not.toThrow();
  expect(() => checkSomeOptions(owner, { retries: "x" }, "sources.mine")).toThrow(
    expect.objectContaining({ code: "invalid-option", path: "sources.mine.retries" }),
  );
});

it("takes the value that another validator makes of the options", () => {
  const trimming = (value: unknown) => ({ value: String(value).trim() });
  const schema = { "~standard": { version: 1, vendor: "other", validate: trimming } } as const;
  expect(checkOptions({ name: "other", options: schema }, " a ", "x")).toBe("a");
});

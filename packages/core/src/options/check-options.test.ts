import { expect, it } from "vitest";
import type { ConfigurationError } from "../errors/errors.ts";
import { checkOptions, checkSomeOptions } from "./check-options.ts";
import { defineOptions } from "./define-options.ts";

const options = defineOptions({ tenantId: { type: "string", required: true }, retries: { type: "number" } });
const owner = { name: "mine", options };

it("checkOptions returns valid options, and none for an owner without a schema", () => {
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

it("the remedy shows a reference where an object is probably meant as one", () => {
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

it("a setting of the config among the options of a source is named with its place", () => {
  expect(() => checkOptions(owner, { tenantId: "t", authorityHost: "https://login.example" }, "sources.mine")).toThrow(
    expect.objectContaining({
      code: "unknown-option",
      path: "sources.mine.authorityHost",
      remedy: "Set `authorityHost` in the config.",
    }),
  );
});

it("the remedy for a null that is not accepted has the default", () => {
  const described = defineOptions({ tenantId: { type: "string", description: "Default: the config's." } });
  expect(() => checkOptions({ name: "mine", options: described }, { tenantId: null }, "x")).toThrow(
    expect.objectContaining({
      code: "invalid-option",
      remedy: "Give `tenantId` a value, or leave it out. Default: the config's.",
    }),
  );
});

it("checkSomeOptions accepts options that lack required ones", () => {
  expect(() => checkSomeOptions(owner, {}, "sources.mine")).not.toThrow();
  expect(() => checkSomeOptions(owner, { retries: "x" }, "sources.mine")).toThrow(
    expect.objectContaining({ code: "invalid-option", path: "sources.mine.retries" }),
  );
});

it("checkOptions returns the value of a validator of another library", () => {
  const trimming = (value: unknown) => ({ value: String(value).trim() });
  const schema = { "~standard": { version: 1, vendor: "other", validate: trimming } } as const;
  expect(checkOptions({ name: "other", options: schema }, " a ", "x")).toBe("a");
});

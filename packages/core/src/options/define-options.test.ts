import { expect, it } from "vitest";
import { defineOptions } from "./define-options.ts";

const options = defineOptions({
  tenantId: { type: "string", required: true, description: "Directory (tenant) id." },
  clientSecret: { type: "string", secret: true },
  password: { type: "string", secret: true },
});
const { validate } = options["~standard"];

it("passes on the very object when it is right", () => {
  const given = { tenantId: "t", clientSecret: "s" };
  expect(validate(given)).toEqual({ value: given });
  expect((validate(given) as { value: unknown }).value).toBe(given);
});

it("takes options that were not given as none", () => {
  expect(defineOptions({})["~standard"].validate(undefined)).toEqual({ value: {} });
  expect(validate(undefined)).toMatchObject({ issues: [{ code: "missing", path: ["tenantId"] }] });
});

it("names every issue at once", () => {
  expect(validate({ tenantid: "t", clientSecret: 1 })).toMatchObject({
    issues: [
      { code: "unknown-key", path: ["tenantid"] },
      { code: "wrong-type", path: ["clientSecret"] },
      { code: "missing", path: ["tenantId"] },
    ],
  });
});

it("lists the options that are secrets", () => {
  expect(options.secrets).toEqual(["clientSecret", "password"]);
});

it("lists the options that give up protection", () => {
  expect(defineOptions({ a: { type: "boolean", unsafe: true }, b: { type: "boolean" } }).unsafe).toEqual(["a"]);
});

it("is a Standard Schema that brings its JSON Schema along", () => {
  expect(options["~standard"]).toMatchObject({ version: 1, vendor: "azidentity" });
  expect(options.jsonSchema).toMatchObject({
    type: "object",
    properties: { tenantId: { type: "string", description: "Directory (tenant) id." } },
    required: ["tenantId"],
    additionalProperties: false,
  });
});

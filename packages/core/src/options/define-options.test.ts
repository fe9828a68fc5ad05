import { expect, it } from "vitest";
import { defineOptions } from "./define-options.ts";
import { optionsJsonSchema } from "./json-schema.ts";

const options = defineOptions({
  tenantId: { type: "string", required: true, description: "Directory (tenant) id." },
  clientSecret: { type: "string", secret: true },
  password: { type: "string", secret: true },
});
const { validate } = options["~standard"];

it("validate returns a valid object itself", () => {
  const given = { tenantId: "t", clientSecret: "s" };
  expect(validate(given)).toEqual({ value: given });
  expect((validate(given) as { value: unknown }).value).toBe(given);
});

it("validate treats missing options as an empty object", () => {
  expect(defineOptions({})["~standard"].validate(undefined)).toEqual({ value: {} });
  expect(validate(undefined)).toMatchObject({ issues: [{ code: "missing", path: ["tenantId"] }] });
});

it("validate reports all issues at once", () => {
  expect(validate({ tenantid: "t", clientSecret: 1 })).toMatchObject({
    issues: [
      { code: "unknown-key", path: ["tenantid"] },
      { code: "wrong-type", path: ["clientSecret"] },
      { code: "missing", path: ["tenantId"] },
    ],
  });
});

it("secrets has the names of the secret options", () => {
  expect(options.secrets).toEqual(["clientSecret", "password"]);
});

it("unsafe has the names of the unsafe options", () => {
  expect(defineOptions({ a: { type: "boolean", unsafe: true }, b: { type: "boolean" } }).unsafe).toEqual(["a"]);
});

it("defineOptions returns a Standard Schema, and the table that its JSON Schema is made from", () => {
  expect(options["~standard"]).toMatchObject({ version: 1, vendor: "azidentity" });
  expect(optionsJsonSchema(options)).toMatchObject({
    type: "object",
    properties: { tenantId: { type: "string", description: "Directory (tenant) id." } },
    required: ["tenantId"],
    additionalProperties: false,
  });
});

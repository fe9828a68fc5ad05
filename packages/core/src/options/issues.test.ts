import fc from "fast-check";
import { expect, it } from "vitest";
import type { Field } from "./fields.ts";
import { check } from "./issues.ts";
import { jsonSchemaOf } from "./json-schema.ts";

const issuesOf = (field: Field, value: unknown) =>
  check(field, value).map(({ code, path }) => `${code} ${path.join(".")}`.trim());

const string: Field = { type: "string" };
const wrong: readonly (readonly [string, Field, unknown])[] = [
  ["a number for a string", string, 1],
  ["null for a string", string, null],
  ["a list for a string", string, []],
  ["a value that is not in the list", { type: "string", enum: ["a", "b"] }, "c"],
  ["a string for a number", { type: "number" }, "1"],
  ["a number that is none", { type: "number" }, Number.NaN],
  ["a fraction for a whole number", { type: "number", integer: true }, 1.5],
  ["an endless number", { type: "number" }, Number.POSITIVE_INFINITY],
  ["a string for a boolean", { type: "boolean" }, "true"],
  ["a string for a function", { type: "function" }, "() => 1"],
  ["an object for a list", { type: "array", items: string }, { 0: "a" }],
  ["a list for an object", { type: "object", fields: {} }, []],
  ["a list for a record", { type: "record", values: string }, ["a"]],
  ["what fits no part of a union", { type: "union", of: [string, { type: "boolean" }] }, 1],
];
it.each(wrong)("check refuses %s", (_, field, value) => {
  expect(issuesOf(field, value)).toEqual(["wrong-type"]);
});

const right: readonly (readonly [string, Field, unknown])[] = [
  ["an empty string", string, ""],
  ["a value of the list", { type: "string", enum: ["a", "b"] }, "b"],
  ["zero", { type: "number" }, 0],
  ["false", { type: "boolean" }, false],
  ["a function", { type: "function" }, () => 1],
  ["anything", { type: "any" }, Symbol("s")],
  ["null where anything may stand", { type: "any" }, null],
  ["null where it means something", { type: "string", nullable: true }, null],
  ["a list of nothing", { type: "array", items: string }, []],
  ["either part of a union", { type: "union", of: [string, { type: "boolean" }] }, true],
];
it.each(right)("check accepts %s", (_, field, value) => {
  expect(issuesOf(field, value)).toEqual([]);
});

const nested: Field = {
  type: "object",
  fields: {
    name: { type: "string", required: true },
    tags: { type: "array", items: string },
    sources: { type: "record", values: { type: "object", open: true, fields: { priority: { type: "number" } } } },
  },
};

it("an issue has its path in nested lists, records and objects", () => {
  const value = { name: "n", tags: ["a", 1], sources: { "azure-cli": { priority: "high", own: 1 }, other: 5 } };
  expect(issuesOf(nested, value)).toEqual([
    "wrong-type tags.1",
    "wrong-type sources.azure-cli.priority",
    "wrong-type sources.other",
  ]);
});

it("a whole number is called so, also for editors", () => {
  const field: Field = { type: "number", integer: true, minimum: 0 };
  expect(check(field, 1.5)[0]?.message).toBe("Expected a whole number from 0.");
  expect(check(field, 2)).toEqual([]);
  expect(jsonSchemaOf(field)).toEqual({ type: "integer", minimum: 0 });
});

it("an issue names the expected type and the actual one", () => {
  const mode: Field = { type: "string", enum: ["auto", "production"] };
  const messages = ["prod", "produktion", 5].map((value) => check(mode, value)[0]?.message);
  expect(messages).toEqual([
    'Expected one of "auto", "production".',
    'Expected one of "auto", "production". Did you mean "production"?',
    'Expected one of "auto", "production", not number.',
  ]);
});

it("check refuses unknown keys with a suggestion, unless the object is open", () => {
  const [issue] = check(nested, { name: "n", tagz: [] });
  expect(issue).toMatchObject({ code: "unknown-key", path: ["tagz"] });
  expect(issue?.message).toContain('Did you mean "tags"?');
  expect(issuesOf({ type: "object", open: true, fields: {} }, { anything: 1 })).toEqual([]);
});

it("check does not treat inherited members as known keys", () => {
  expect(issuesOf(nested, JSON.parse('{"name":"n","__proto__":1,"constructor":2}'))).toEqual([
    "unknown-key __proto__",
    "unknown-key constructor",
  ]);
});

it("check reports required members that are undefined or absent, and no others", () => {
  expect(issuesOf(nested, {})).toEqual(["missing name"]);
  expect(issuesOf(nested, { name: undefined, tags: undefined })).toEqual(["missing name"]);
});

it("check reports the issues of the nearest part of a union", () => {
  const entry: Field = {
    type: "union",
    of: [
      { type: "object", fields: { source: { type: "string", required: true } } },
      { type: "object", fields: { a: string, b: string } },
    ],
  };
  expect(issuesOf(entry, { source: 1 })).toEqual(["wrong-type source"]);
});

it("an issue suggests a similar value of the list and does not show the actual one", () => {
  const cloud: Field = { type: "string", enum: ["public", "government", "china"] };
  expect(check(cloud, "goverment")[0]?.message).toContain('Did you mean "government"?');
  const message = check(cloud, "hunter2")[0]?.message;
  expect(message).toContain("public");
  expect(message).not.toContain("hunter2");
});

it("the JSON Schema of a field accepts null where the field does", () => {
  const field: Field = {
    type: "object",
    fields: {
      id: { type: "string", required: true, description: "An id." },
      mode: { type: "string", enum: ["a", "b"], nullable: true },
      of: { type: "union", of: [string, { type: "number" }], nullable: true },
      list: { type: "array", items: { type: "boolean" } },
      map: { type: "record", values: { type: "number" }, nullable: true },
      make: { type: "function" },
    },
  };
  expect(jsonSchemaOf(field)).toEqual({
    type: "object",
    properties: {
      id: { type: "string", description: "An id." },
      mode: { type: ["string", "null"], enum: ["a", "b", null] },
      of: { anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }] },
      list: { type: "array", items: { type: "boolean" } },
      map: { type: ["object", "null"], additionalProperties: { type: "number" } },
      make: {},
    },
    required: ["id"],
    additionalProperties: false,
  });
});

it("the JSON Schema of an open object is open, and has no empty list of required members", () => {
  expect(jsonSchemaOf({ type: "object", open: true, fields: {} })).toEqual({ type: "object", properties: {} });
});

/** A field together with values that it accepts. */
const { pair } = fc.letrec<{ pair: [Field, unknown] }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 3 },
    fc.string().map((value): [Field, unknown] => [string, value]),
    fc.boolean().map((value): [Field, unknown] => [{ type: "boolean" }, value]),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value): [Field, unknown] => [{ type: "number" }, value]),
    tie("pair").map(([items, value]): [Field, unknown] => [{ type: "array", items }, [value, value]]),
    tie("pair").map(([values, value]): [Field, unknown] => [
      { type: "record", values },
      { a: value, b: value },
    ]),
    fc
      .dictionary(fc.string(), tie("pair"))
      .map((pairs): [Field, unknown] => [
        { type: "object", fields: Object.fromEntries(Object.entries(pairs).map(([key, one]) => [key, one[0]])) },
        Object.fromEntries(Object.entries(pairs).map(([key, one]) => [key, one[1]])),
      ]),
  ),
}));

it("check accepts every value generated for a field, and refuses it with one more key", () => {
  fc.assert(
    fc.property(pair, ([field, value]) => {
      expect(check(field, value)).toEqual([]);
      if (field.type !== "object" || Object.hasOwn(field.fields, "extra")) return;
      expect(issuesOf(field, { ...(value as object), extra: 1 })).toEqual(["unknown-key extra"]);
    }),
  );
});

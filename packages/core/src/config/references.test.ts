import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { defineOptions } from "../options/define-options.ts";
import { optionsJsonSchema } from "../options/json-schema.ts";
import { resolveOptions, resolveReferences } from "./references.ts";

const resolve = (value: unknown, env: Record<string, string | undefined> = {}, folder = "/nowhere") =>
  resolveReferences(value, { env, folder: () => folder }, "options");

/** How a text refers to a variable. */
const variable = (name: string) => `\${env:${name}}`;
const template = (text: string) => ({ $template: text });

it("variables are resolved, alone and inside text", () => {
  const env = { NAME: "value", OTHER: `$& ${variable("NAME")}` };
  expect(resolve({ env: "NAME" }, env)).toBe("value");
  expect(resolve(template(variable("NAME")), env)).toBe("value");
  expect(resolve(template(`a-${variable("NAME")}-${variable("NAME")}-z`), env)).toBe("a-value-value-z");
  expect(resolve(template(variable("OTHER")), env), "what a variable holds is not looked up again").toBe(env.OTHER);
});

it("files are resolved against the folder and read without byte order mark and line end", () => {
  const folder = tempFolder({ "run/secret": "\uFEFFvalue\r\n" });
  expect(resolve({ file: "run/secret" }, {}, folder)).toBe("value");
  expect(resolve({ file: "../secret" }, {}, join(folder, "run/x"))).toBe("value");
  expect(resolve({ file: join(folder, "run/secret") })).toBe("value");
});

it.each(["", "\n", "\uFEFF \r\n"])("refuses a file that holds nothing (%j), as it does an empty variable", (text) => {
  const folder = tempFolder({ id: text });
  const refused = expect.objectContaining({ code: "missing-reference" });
  expect(() => resolve({ file: "id" }, {}, folder)).toThrow(refused);
  expect(() => resolve({ env: "ID" }, { ID: "" })).toThrow(refused);
});

it("nested references are resolved, and everything else is unchanged", () => {
  class Own {
    readonly inner = { env: "NAME" };
  }
  const own = new Own();
  const make = () => "made";
  const value = {
    a: [{ env: "NAME" }, "x"],
    b: { c: { env: "NAME" } },
    own,
    make,
    n: 1,
    none: null,
    missing: undefined,
  };
  expect(resolve(value, { NAME: "value" })).toEqual({ ...value, a: ["value", "x"], b: { c: "value" } });
  expect((resolve(value, { NAME: "value" }) as { own: unknown }).own).toBe(own);
});

it("only an object with the one key is a reference", () => {
  const values = [{ env: "NAME", more: 1 }, { env: 1 }, {}, { file: null }];
  expect(resolve(values, { NAME: "value" })).toEqual(values);
});

it("an instance of a class with the one key is not a reference", () => {
  class Handle {
    readonly file = "/no/such/file";
  }
  const handle = new Handle();
  expect(resolve({ handle })).toEqual({ handle });
});

describe("an option named `env` or `file`", () => {
  const table = defineOptions({
    file: { type: "string" },
    env: { type: "record", values: { type: "string" } },
    upload: { type: "object", fields: { file: { type: "string" } } },
    uploads: { type: "array", items: { type: "object", fields: { file: { type: "string" } } } },
    either: { type: "union", of: [{ type: "string" }, { type: "object", fields: { env: { type: "string" } } }] },
    key: { type: "string" },
  });
  const options = (given: Record<string, unknown>, declared: Parameters<typeof resolveOptions>[3] = table) =>
    resolveOptions(given, { env: { NAME: "value" }, folder: () => "/nowhere" }, "options", declared);

  it.each([
    { file: "/no/such/file" },
    { env: { TOKEN: "text" } },
    { env: { file: "/no/such/file" } },
    { upload: { file: "/no/such/file" } },
    { uploads: [{ file: "/no/such/file" }] },
    { either: { env: "NO_SUCH_NAME" } },
  ])("an option named `env` or `file` is no reference, though it stands alone: %j", (given) => {
    expect(options(given)).toEqual(given);
    expect(options(given, { jsonSchema: optionsJsonSchema(table) })).toEqual(given);
  });

  it("options without an object or a list are resolved without a JSON Schema", () => {
    const declared = {
      get jsonSchema(): never {
        throw new Error("read");
      },
    };
    const resolveWith = (given: Record<string, unknown>) =>
      resolveOptions(given, { env: { NAME: "value" }, folder: () => "/nowhere" }, "options", declared);
    expect(resolveWith({ file: "a", key: undefined })).toEqual({ file: "a" });
    expect(() => resolveWith({ key: { env: "NAME" } })).toThrow("read");
  });

  it("an option named `env` or `file` may be a reference, like any other", () => {
    expect(options({ file: { env: "NAME" }, key: { env: "NAME" } })).toEqual({ file: "value", key: "value" });
    expect(options({ env: { TOKEN: { env: "NAME" } } })).toEqual({ env: { TOKEN: "value" } });
    expect(options({ upload: { file: { env: "NAME" } } })).toEqual({ upload: { file: "value" } });
  });

  it("an option named `env` or `file` is a reference for a validator without a JSON Schema", () => {
    expect(options({ file: "/no/such/file" }, {})).toEqual({ file: "/no/such/file" });
    expect(options({ upload: { env: "NAME" } }, {})).toEqual({ upload: "value" });
    expect(() => options({ upload: { file: "/no/such/file" } }, {})).toThrow("/no/such/file");
  });
});

it("a rotated secret is read on the next resolution", () => {
  const folder = tempFolder({ secret: "first" });
  const env: Record<string, string> = { NAME: "first" };
  const value = { a: { env: "NAME" }, b: { file: "secret" } };
  expect(resolve(value, env, folder)).toEqual({ a: "first", b: "first" });
  env.NAME = "second";
  writeFiles(folder, { secret: "second" });
  expect(resolve(value, env, folder)).toEqual({ a: "second", b: "second" });
});

it("text from code is never treated as a template", () => {
  expect(resolve({ tenantId: variable("SECRET") }, { SECRET: "c4n4ry" })).toEqual({ tenantId: variable("SECRET") });
});

it("a circular value is refused", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => resolve(circle)).toThrow(expect.objectContaining({ code: "invalid-option" }));
});

describe("a missing reference", () => {
  it.each([
    ["a variable that is not set", { env: "NAME" }, {}],
    ["a variable that is empty", { env: "NAME" }, { NAME: "" }],
    ["a variable that is blank", { env: "NAME" }, { NAME: "  " }],
    ["a variable inside text", template(`x${variable("NAME")}`), {}],
    ["a file", { file: "NAME" }, {}],
    ["a device instead of a file", { file: "/dev/zero" }, {}],
    ["what every object inherits", { env: "toString" }, {}],
  ])("a missing reference is refused: %s", (_, value, env) => {
    expect(() => resolve({ a: [value] }, env)).toThrow(
      expect.objectContaining({ code: "missing-reference", path: "options.a.0" }),
    );
  });

  it("a missing reference is named without any value", () => {
    const read = () => resolve(template(`${variable("FIRST")}${variable("SECOND")}`), { FIRST: "c4n4ry" });
    expect(read).toThrow("SECOND");
    expect(read).not.toThrow(/c4n4ry/);
    const folder = tempFolder({ "secret/c4n4ry": "" });
    expect(() => resolve({ file: "secret" }, {}, folder)).toThrow(join(folder, "secret"));
  });
});

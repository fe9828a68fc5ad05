import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { inlineSecrets, resolveReferences } from "./references.ts";

const resolve = (value: unknown, env: Record<string, string | undefined> = {}, folder = "/nowhere") =>
  resolveReferences(value, { env, folder }, "options");

/** How a text refers to a variable. */
const variable = (name: string) => `\${env:${name}}`;
const template = (text: string) => ({ $template: text });

it("looks up variables, alone and inside text", () => {
  const env = { NAME: "value", OTHER: `$& ${variable("NAME")}` };
  expect(resolve({ env: "NAME" }, env)).toBe("value");
  expect(resolve(template(variable("NAME")), env)).toBe("value");
  expect(resolve(template(`a-${variable("NAME")}-${variable("NAME")}-z`), env)).toBe("a-value-value-z");
  expect(resolve(template(variable("OTHER")), env), "what a variable holds is not looked up again").toBe(env.OTHER);
});

it("reads files as seen from the folder, without byte order mark and line end", () => {
  const folder = tempFolder({ "run/secret": "\uFEFFvalue\r\n" });
  expect(resolve({ file: "run/secret" }, {}, folder)).toBe("value");
  expect(resolve({ file: "../secret" }, {}, join(folder, "run/x"))).toBe("value");
  expect(resolve({ file: join(folder, "run/secret") })).toBe("value");
});

it("looks up what is nested, and leaves everything else as it is", () => {
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

it("takes only an object with that one key for a reference", () => {
  const values = [{ env: "NAME", more: 1 }, { env: 1 }, {}, { file: null }];
  expect(resolve(values, { NAME: "value" })).toEqual(values);
});

it("sees a rotated secret when it looks again", () => {
  const folder = tempFolder({ secret: "first" });
  const env: Record<string, string> = { NAME: "first" };
  const value = { a: { env: "NAME" }, b: { file: "secret" } };
  expect(resolve(value, env, folder)).toEqual({ a: "first", b: "first" });
  env.NAME = "second";
  writeFiles(folder, { secret: "second" });
  expect(resolve(value, env, folder)).toEqual({ a: "second", b: "second" });
});

it("never looks into text from code, which may be a stranger's", () => {
  expect(resolve({ tenantId: variable("SECRET") }, { SECRET: "c4n4ry" })).toEqual({ tenantId: variable("SECRET") });
});

it("refuses what contains itself", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => resolve(circle)).toThrow(expect.objectContaining({ code: "invalid-option" }));
});

describe("what is missing", () => {
  it.each([
    ["a variable that is not set", { env: "NAME" }, {}],
    ["a variable that is empty", { env: "NAME" }, { NAME: "" }],
    ["a variable inside text", template(`x${variable("NAME")}`), {}],
    ["a file", { file: "NAME" }, {}],
    ["a device instead of a file", { file: "/dev/zero" }, {}],
    ["what every object inherits", { env: "toString" }, {}],
  ])("is refused: %s", (_, value, env) => {
    expect(() => resolve({ a: [value] }, env)).toThrow(
      expect.objectContaining({ code: "missing-reference", path: "options.a.0" }),
    );
  });

  it("is named, and nothing that is there is shown", () => {
    const read = () => resolve(template(`${variable("FIRST")}${variable("SECOND")}`), { FIRST: "c4n4ry" });
    expect(read).toThrow("SECOND");
    expect(read).not.toThrow(/c4n4ry/);
    const folder = tempFolder({ "secret/c4n4ry": "" });
    expect(() => resolve({ file: "secret" }, {}, folder)).toThrow(join(folder, "secret"));
  });
});

it("finds secrets that are written out where a reference belongs", () => {
  const lists = { f: [{ env: "F" }, "text"], g: [template(variable("G"))] };
  const options = { a: "text", b: { env: "B" }, c: template(variable("C")), d: { file: "d" }, e: "public", ...lists };
  expect(inlineSecrets(options, ["a", "b", "c", "d", "f", "g", "missing"])).toEqual(["a", "f"]);
});

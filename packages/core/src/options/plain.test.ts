import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyPlain, createTextOf, isPlain } from "./plain.ts";

class Own {
  inner = { list: ["a"] };
}

describe("a plain part", () => {
  it.each([
    ["a literal", {}],
    ["a list", []],
    ["an object without a prototype", Object.create(null)],
    ["a literal of another realm", runInNewContext("({ a: 1 })")],
  ])("a plain part is %s", (_, value) => {
    expect(isPlain(value)).toBe(true);
  });

  it.each([
    ["a function", () => 1],
    ["an instance of a class", new Own()],
    ["what inherits from a literal", Object.create({ a: 1 })],
    ["a literal that is a credential", { getToken: async () => null }],
    ["bytes", new Uint8Array(1)],
    ["a date", new Date(0)],
    ["null", null],
    ["text", "text"],
  ])("a plain part is not %s", (_, value) => {
    expect(isPlain(value)).toBe(false);
  });
});

describe("a copy", () => {
  it("a copy is equal to its original, and does not change with it", () => {
    const original = { a: { b: [1, { c: "d" }] }, bytes: Buffer.from("abc"), words: new Uint16Array([1, 2]) };
    const copy = copyPlain(original);
    expect(copy).toEqual(original);
    original.a.b.push(2);
    (original.a.b[1] as { c: string }).c = "changed";
    original.bytes.fill(0);
    original.words[0] = 9;
    expect(copy).toEqual({ a: { b: [1, { c: "d" }] }, bytes: Buffer.from("abc"), words: new Uint16Array([1, 2]) });
  });

  it.each([
    ["a buffer", Buffer.from("abc")],
    ["typed numbers", new Float64Array([1.5, 2])],
    ["a view", new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)],
    ["a block of memory", new Uint8Array([1, 2]).buffer],
  ])("a copy of %s has the same kind and memory of its own", (_, bytes) => {
    const view = (of: typeof bytes) =>
      of instanceof ArrayBuffer ? new Uint8Array(of) : new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
    const copy = copyPlain(bytes);
    expect([...view(copy)]).toEqual([...view(bytes)]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(bytes));
    view(bytes).fill(255);
    expect([...view(copy)]).not.toContain(255);
  });

  it("a copy keeps functions, instances, credentials and what `keep` selects by identity", () => {
    const kept = { make: () => 1, own: new Own(), credential: { getToken: async () => null }, plugin: { contract: 1 } };
    const copy = copyPlain(kept, (part) => "contract" in part);
    for (const key of Object.keys(kept) as (keyof typeof kept)[]) expect(copy[key], key).toBe(kept[key]);
  });

  it("a copy keeps a getter without calling it", () => {
    let secret = "first";
    const copy = copyPlain({
      get secret() {
        return secret;
      },
    });
    secret = "second";
    expect(copy.secret).toBe("second");
  });

  it("a copy keeps members whose name is a symbol, such as Symbol.dispose", () => {
    const dispose = async () => {};
    expect(copyPlain({ [Symbol.asyncDispose]: dispose })[Symbol.asyncDispose]).toBe(dispose);
  });

  it("a copy omits members that are undefined, and treats __proto__ like any other name", () => {
    expect(Object.keys(copyPlain({ a: undefined, b: null }))).toEqual(["b"]);
    const copy = copyPlain(JSON.parse('{ "__proto__": { "evil": true } }')) as { evil?: unknown };
    expect(copy.evil).toBeUndefined();
    expect(Object.keys(copy)).toEqual(["__proto__"]);
  });
});

describe("the text of a value", () => {
  const equal = (a: unknown, b: unknown) => {
    const textOf = createTextOf();
    return textOf(a) === textOf(b);
  };

  it.each([
    ["members in another order", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ["a member that is undefined and none", { a: 1, b: undefined }, { a: 1 }],
    ["the same bytes in another buffer", Buffer.from("abc"), new Uint8Array([97, 98, 99])],
    ["literals of two realms", { a: 1 }, runInNewContext("({ a: 1 })")],
    ["a symbol of the global registry", Symbol.for("a"), Symbol.for("a")],
  ])("the text of a value is the same for %s", (_, a, b) => {
    expect(equal(a, b)).toBe(true);
  });

  it.each([
    ["two members, and one whose text looks like both", [{ a: "x", b: "y" }, { a: 'x,"b:"y' }]],
    ["two members, and one whose text has their lengths, too", [{ a: "x", b: "y" }, { a: 'x,"1:b:"1:y' }]],
    ["two items, and one whose text looks like both", [["x", "y"], ['x,"y']]],
    ["two functions of one source text", [1, 2].map((n) => () => n)],
    ["two instances of equal members", [new Own(), new Own()]],
    ["two dates of one time", [new Date(0), new Date(0)]],
    ["two credentials that look the same", [1, 2].map(() => ({ getToken: async () => null }))],
    [
      "two getters",
      [1, 2].map(() => ({
        get a() {
          return 1;
        },
      })),
    ],
    [
      "a getter and its value",
      [
        {
          get a() {
            return 1;
          },
        },
        { a: 1 },
      ],
    ],
    ["bytes and others", [new Uint8Array([1]), new Uint8Array([2])]],
    ["numbers of another size with the same bytes", [new Uint8Array([1, 0]), new Uint16Array([1])]],
    ["a number and its text", [1, "1"]],
    ["a big number and a small one", [1n, 1]],
    ["null and the text of it", [null, "null"]],
    ["null and no number", [null, Number.NaN]],
    ["an item that is undefined and null", [[undefined], [null]]],
    ["nothing and an empty object", [undefined, {}]],
    ["a list and an object", [[], {}]],
    ["a function and text that looks like it", [() => 1, "#0"]],
    ["two symbols of one name", [Symbol("a"), Symbol("a")]],
    ["members by two symbols of one name", [{ [Symbol("a")]: 1 }, { [Symbol("a")]: 1 }]],
  ])("the text of a value differs for %s", (_, [a, b]) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(a, a)).toBe(true);
  });

  it("the text of a value is the same for JSON values exactly when they are equal, and for a copy", () => {
    const textOf = createTextOf();
    const pair = fc.tuple(fc.jsonValue(), fc.jsonValue());
    const ordered = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(ordered)
        : typeof value === "object" && value !== null
          ? Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, item]) => [`:${key}`, ordered(item)])
          : [value];
    const json = (value: unknown) => JSON.stringify([Array.isArray(value), ordered(value)]);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        if (json(a) !== json(b)) expect(textOf(a)).not.toBe(textOf(b));
        expect(textOf(copyPlain(a))).toBe(textOf(a));
      }),
      { seed: 14 },
    );
  });
});

describe("a circular value", () => {
  const circle: Record<string, unknown> = {};
  circle.self = [circle];
  const doubled = Array.from({ length: 30 }).reduce<unknown>((inner) => [inner, inner], "x");

  it.each([
    ["a circle", circle],
    ["what stands for a billion values", doubled],
  ])("a circular value is refused by a code: %s", (_, value) => {
    const refused = expect.objectContaining({ name: "ConfigurationError", code: "invalid-argument" });
    expect(() => copyPlain(value)).toThrow(refused);
    expect(() => createTextOf()(value)).toThrow(refused);
  });

  it("a circular value is accepted where it is inside something that is not plain", () => {
    const own = Object.assign(new Own(), { circle });
    expect(copyPlain({ own }).own).toBe(own);
  });
});

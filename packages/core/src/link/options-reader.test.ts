import { describe, expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import { createOptionsReader } from "./options-reader.ts";

const context = { env: {}, defaults: { additionallyAllowedTenants: [] } } as unknown as SourceContext;

/**
 * A reader of what `rotate` was last given; its source has no subject, so the options alone tell
 * its principal.
 */
function setUp(check = (read: unknown): unknown => read) {
  let options: unknown = { secret: "first" };
  let checks = 0;
  let changes = 0;
  const reader = createOptionsReader({
    source: { name: "own", tenantPolicy: "fixed", subject: () => undefined } as unknown as AnySource,
    context,
    known: { wrap: (error) => error },
    readOptions: () => options,
    checkOptions(read) {
      checks++;
      return check(read);
    },
    onPrincipalChange: () => void changes++,
  });
  const read = (to: unknown) => {
    options = to;
    return reader.read().options;
  };
  return { reader, read, checks: () => checks, changes: () => changes };
}

describe("options that are read again", () => {
  it("flat options that are read again are compared by their members, in any order", () => {
    const { read, checks } = setUp();
    const first = read({ id: "1", secret: "first" });
    expect(read({ secret: "first", id: "1" })).toBe(first);
    expect(checks()).toBe(1);
    for (const other of [{ id: "1" }, { id: "1", secret: "2" }, { id: "1", extra: "first" }, { id: "1", secret: null }])
      expect(read(other)).not.toBe(first);
  });

  it("options that are read again are the same object while they are equal, and another principal otherwise", () => {
    const { read, checks, changes } = setUp();
    const first = read({ secret: "first", list: [1] });
    expect(read({ list: [1], secret: "first" })).toBe(first);
    expect([checks(), changes()]).toEqual([1, 0]);
    expect(read({ secret: "second", list: [1] })).not.toBe(first);
    expect([checks(), changes()]).toEqual([2, 1]);
  });

  it("options with another function are different, even if its source text is the same", () => {
    const { read, changes } = setUp();
    const [one, two] = ["first", "second"].map((secret) => ({ make: () => secret }));
    read(one);
    read(two);
    expect(changes()).toBe(1);
  });

  it("options with different bytes are different, even ten megabytes", () => {
    const many = Buffer.alloc(10_000_000);
    const { read, changes } = setUp();
    const first = read({ certificate: many });
    expect(read({ certificate: new Uint8Array(many) })).toBe(first);
    expect(read({ certificate: Buffer.from(many).fill(1, 9_999_999) })).not.toBe(first);
    expect(changes()).toBe(1);
  });

  it("options are the same object even if the validator returns a new one each time", () => {
    const { read } = setUp((options) => ({ url: new URL((options as { url: string }).url) }));
    const first = read({ url: "https://a.test" });
    expect(read({ url: "https://a.test" })).toBe(first);
    expect(read({ url: "https://b.test" })).not.toBe(first);
  });

  it("invalid options are refused each time, and the last valid ones stay", () => {
    const { reader, read, checks } = setUp((options) => {
      if ((options as { wrong?: boolean }).wrong) throw new Error("wrong");
      return options;
    });
    const first = read({});
    for (const _ of [1, 2]) expect(() => read({ wrong: true })).toThrow("wrong");
    expect(reader.last().options).toBe(first);
    expect(read({})).toBe(first);
    expect(checks()).toBe(3);
  });
});

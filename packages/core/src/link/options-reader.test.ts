import { describe, expect, it } from "vitest";
import { createEviction } from "../cache/eviction.ts";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import { createTextOf } from "../options/plain.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createKnownSecrets } from "./known-secrets.ts";
import { createOptionsReader, type HasOptions, lastOptions, readOptions } from "./options-reader.ts";
import { createTenantAliases } from "./tenant-aliases.ts";
import { createTokenState } from "./token-state.ts";

const context = { env: {}, defaults: { additionallyAllowedTenants: [] } } as unknown as SourceContext;

/**
 * A reader of what `rotate` was last given; its source has no subject, so the options alone tell
 * its principal.
 */
function setUp(check: (given: unknown) => object = (value) => ({ value })) {
  let options: unknown = { secret: "first" };
  let checks = 0;
  const validate = (given: unknown) => {
    checks++;
    return check(given);
  };
  const schema = { "~standard": { version: 1, vendor: "test", validate } };
  const source = { name: "own", tenantPolicy: "fixed", subject: () => undefined, options: schema };
  const clock = createFakeClock();
  const placed: HasOptions = {
    source: source as unknown as AnySource,
    context,
    known: createKnownSecrets(source as unknown as AnySource, {}),
    tokens: createTokenState(
      clock,
      createEviction({}, () => clock.now()),
    ),
    reader: createOptionsReader(),
    aliases: createTenantAliases(),
    resolveOptions: () => options,
    path: "sources.own",
    services: { textOf: createTextOf(), requireSource: () => undefined },
  };
  const read = (to: unknown) => {
    options = to;
    return readOptions(placed).options;
  };
  const changes = () => placed.reader.last?.generation;
  return { placed, read, checks: () => checks, changes };
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
    const { read } = setUp((given) => ({ value: { url: new URL((given as { url: string }).url) } }));
    const first = read({ url: "https://a.test" });
    expect(read({ url: "https://a.test" })).toBe(first);
    expect(read({ url: "https://b.test" })).not.toBe(first);
  });

  it("invalid options are refused each time, and the last valid ones stay", () => {
    const { placed, read, checks } = setUp((value) =>
      (value as { wrong?: boolean }).wrong ? { issues: [{ message: "wrong" }] } : { value },
    );
    const first = read({});
    for (const _ of [1, 2]) expect(() => read({ wrong: true })).toThrow("wrong");
    expect(lastOptions(placed).options).toBe(first);
    expect(read({})).toBe(first);
    expect(checks()).toBe(3);
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { generateKey, readKey } from "./keys.ts";
import { claimedExpiry, createSealer, headBytes } from "./sealer.ts";

const key = readKey(generateKey());
const other = readKey(generateKey());
const sealer = createSealer([key], "mine");
const entry = { key: '["azidentity.token.1","azure-cli"]', value: Buffer.from("c4n4ry"), expiresOnTimestamp: 2e12 };
const slot = sealer.slotOf(entry.key);

it("a sealed entry opens with the same key, value and expiry", () => {
  const expiry = fc.option(fc.integer({ min: 1, max: 4e12 }), { nil: undefined });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.uint8Array(), expiry, (name, value, expiresOnTimestamp) => {
      const opened = sealer.open(sealer.slotOf(name), sealer.seal({ key: name, value, expiresOnTimestamp }));
      expect(opened).toEqual({ key: name, value: Buffer.from(value), expiresOnTimestamp });
    }),
    { numRuns: 50 },
  );
});

it("a sealed entry contains neither key nor value in plain text, and differs each time", () => {
  const [once, again] = [Buffer.from(sealer.seal(entry)), Buffer.from(sealer.seal(entry))];
  expect(once.includes("c4n4ry") || once.includes("azure-cli")).toBe(false);
  expect(once.equals(again)).toBe(false);
});

it("an entry with a changed bit does not open", () => {
  const sealed = sealer.seal(entry);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(typeof sealer.open(slot, changed)).toBe("string");
  }
});

it("an entry that was cut, emptied or zeroed does not open", () => {
  const sealed = sealer.seal(entry);
  for (let length = 0; length < sealed.length; length++) {
    expect(typeof sealer.open(slot, sealed.subarray(0, length))).toBe("string");
  }
  expect(sealer.open(slot, new Uint8Array(0))).toBe("truncated");
  expect(sealer.open(slot, new Uint8Array(500))).toBe("of another version");
});

it("an entry does not open in another slot or another cache", () => {
  expect(sealer.open(sealer.slotOf("another"), sealer.seal(entry))).toBe("altered or moved");
  const theirs = createSealer([key], "theirs");
  expect(theirs.open(slot, sealer.seal(entry))).toBe("altered or moved");
  expect(theirs.open(theirs.slotOf(entry.key), sealer.seal(entry))).toBe("altered or moved");
});

it("previous keys open entries, the current key seals them, and unknown keys are reported", () => {
  const rotated = createSealer([other, key], "mine");
  expect(rotated.open(slot, sealer.seal(entry))).toMatchObject({ value: Buffer.from("c4n4ry") });
  expect(createSealer([other], "mine").open(slot, rotated.seal(entry))).toMatchObject({ key: entry.key });
  expect(sealer.open(slot, rotated.seal(entry))).toBe("sealed with another key");
});

it("an entry of another format version does not open", () => {
  const sealed = sealer.seal(entry);
  sealed.set(Buffer.from("AZC2"));
  expect(sealer.open(slot, sealed)).toBe("of another version");
});

it("the expiry of an entry is read without opening it", () => {
  const head = (one: Uint8Array) => one.subarray(0, headBytes);
  expect(claimedExpiry(head(sealer.seal(entry)))).toBe(2e12);
  expect(claimedExpiry(head(sealer.seal({ ...entry, expiresOnTimestamp: undefined })))).toBeUndefined();
  expect(claimedExpiry(Buffer.from("something else entirely"))).toBeUndefined();
  expect(claimedExpiry(new Uint8Array(0))).toBeUndefined();
});

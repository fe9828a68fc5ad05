import { expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";

const utf16 = (text: string) => Buffer.from(text, "utf16le");

it.each<[string, Uint8Array]>([
  ["UTF-8", Buffer.from("grüße")],
  ["UTF-8 with a byte order mark", Buffer.from("\uFEFFgrüße")],
  ["UTF-16 with a byte order mark", utf16("\uFEFFgrüße")],
  ["UTF-16 without one", utf16("grüße")],
  ["UTF-16 of the other byte order, with a mark", utf16("\uFEFFgrüße").swap16()],
  ["UTF-16 of the other byte order, without one", utf16("grüße").swap16()],
])("a file in %s is read", (_, bytes) => {
  expect(decodeText(bytes)).toBe("grüße");
});

it("a file of no or one byte is read", () => {
  expect(decodeText(Buffer.from(""))).toBe("");
  expect(decodeText(Buffer.from("a"))).toBe("a");
});

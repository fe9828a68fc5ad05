import { expect, it } from "vitest";
import { decodeText, remedyForPath, textFault, unquoted } from "./text.ts";

it.each([
  ["plain", undefined, undefined],
  ["secret\n", "ends in a line break", "ends in a line break"],
  ["secret\r\n", "ends in a line break", "ends in a line break"],
  ["secret\n ", "ends in a line break", "ends in a line break"],
  ["\nsecret", "begins with a line break", "begins with a line break"],
  ["\uFEFFsecret", "begins with a byte order mark", "begins with a byte order mark"],
  ["a\0b", "contains a null character", "contains a null character"],
  ["a\nb", "contains a line break", undefined],
  ["a\u001b[1mb", "contains a control character", undefined],
  ["a\u007fb", "contains a control character", undefined],
  ['"secret"', "stands in quotes", undefined],
  [" 'secret' ", "stands in quotes", undefined],
  ["secret ", "ends in a blank", undefined],
  ["\tsecret", "begins with a blank", undefined],
  ['"half', undefined, undefined],
  ["", undefined, undefined],
])("%j as an id or secret %s, as a password %s", (value, asId, asPassword) => {
  expect(textFault(value)?.problem).toBe(asId);
  expect(textFault(value, true)?.problem).toBe(asPassword);
});

it.each([
  [" a ", "a"],
  ['"a"', "a"],
  ["' a '", "a"],
  ['"a', '"a'],
  ['"', '"'],
  ["", ""],
])("unquoted takes white space and a pair of quotes off %j", (text, result) => {
  expect(unquoted(text)).toBe(result);
});

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

it.each([
  ["~/cert.pem", true],
  ["/srv/app/~/cert.pem", true],
  ["~\\cert.pem", true],
  ["/srv/app/cert.pem~", false],
  ["/srv/~app/cert.pem", false],
])("the remedy for the path %s says that shells expand ~: %s", (path, says) => {
  expect(remedyForPath(path, "Correct it.")).toBe(
    says ? "Write the whole path: `~` is expanded by shells alone." : "Correct it.",
  );
});

import { expect, it } from "vitest";
import { integer, objectId, octets, readDer } from "./der.ts";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

it("the DER reader accepts each form of length", () => {
  expect(octets(readDer(bytes("04 02 aabb")))).toEqual(bytes("aabb"));
  expect(octets(readDer(bytes("04 81 02 aabb")))).toEqual(bytes("aabb"));
  expect(octets(readDer(bytes("04 82 0002 aabb")))).toEqual(bytes("aabb"));
});

it("the DER reader accepts indefinite lengths and split octet strings of old exporters", () => {
  const { children } = readDer(bytes("30 80 24 80 04 01 aa 04 02 bbcc 00 00 02 01 05 00 00"));
  expect(children.map(({ tag }) => tag)).toEqual([0x24, 0x02]);
  expect(children[0] && octets(children[0])).toEqual(bytes("aabbcc"));
  expect(children[1] && integer(children[1])).toBe(5);
});

it("the DER reader returns object identifiers in dotted form", () => {
  expect(objectId(readDer(bytes("06 09 2a864886f70d010c0a")))).toBe("1.2.840.113549.1.12.10");
  expect(objectId(readDer(bytes("06 03 550406")))).toBe("2.5.4.6");
  expect(objectId(readDer(bytes("06 03 883703")))).toBe("2.999.3");
});

it.each(["", "30", "30 05 02 01", "30 84 ffffffff", "1f 01 00", "30 80 02 01 05", "30 03 02 05 00"])(
  "the DER reader refuses %j",
  (hex) => {
    expect(() => readDer(bytes(hex))).toThrow(expect.objectContaining({ name: "DerError" }));
  },
);

it("the DER reader refuses negative and huge numbers", () => {
  expect(() => integer(readDer(bytes("02 01 ff")))).toThrow();
  expect(() => integer(readDer(bytes("02 07 01000000000000")))).toThrow();
});

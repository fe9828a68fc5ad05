import { expect, it } from "vitest";
import { givenKeys } from "./given-keys.ts";
import { generateKey, readKey } from "./keys.ts";

const bytes = Uint8Array.from({ length: 32 }, (_, n) => n * 7);
const hex = Buffer.from(bytes).toString("hex");

it.each([
  ["bytes", bytes],
  ["base64", Buffer.from(bytes).toString("base64")],
  ["base64url", Buffer.from(bytes).toString("base64url")],
  ["hex", hex],
  ["capitals and a line break", `${hex.toUpperCase()}\n`],
])("reads a key given as %s", (_, given) => {
  expect(readKey(given).secret.export().toString("hex")).toBe(hex);
  expect(readKey(given).name).toEqual(readKey(bytes).name);
});

it.each<[string, unknown]>([
  ["nothing", ""],
  ["too short", "c4n4ry"],
  ["31 bytes", bytes.subarray(1)],
  ["33 bytes", Buffer.alloc(33).toString("base64")],
  ["no base64", `${"c4n4ry!".repeat(6)}c`],
  ["a number", 7],
  ["undefined", undefined],
])("refuses %s, and does not repeat it", (_, given) => {
  expect(() => readKey(given)).toThrow(expect.objectContaining({ code: "invalid-store-key" }));
  expect(() => readKey(given)).not.toThrow(/c4n4ry/);
});

it("names keys apart, without a byte of them", () => {
  const [one, other] = [readKey(generateKey()), readKey(generateKey())];
  expect(one.name).not.toEqual(other.name);
  expect(one.secret.export().includes(Buffer.from(one.name))).toBe(false);
});

it("takes the config's key, else the environment's, and the previous ones of both", async () => {
  const keys = Array.from({ length: 4 }, generateKey) as [string, string, string, string];
  const env = { AZIDENTITY_CACHE_KEY: keys[1], AZIDENTITY_CACHE_PREVIOUS_KEYS: `${keys[2]},${keys[3]}` };
  expect(await givenKeys({ key: keys[0] }, {})).toEqual({ current: readKey(keys[0]), previous: [] });
  expect(await givenKeys({}, env)).toEqual({
    current: readKey(keys[1]),
    previous: [keys[2], keys[3]].map(readKey),
  });
  expect(await givenKeys({ key: async () => keys[0], previousKeys: [keys[1]] }, {})).toEqual({
    current: readKey(keys[0]),
    previous: [readKey(keys[1])],
  });
  expect(await givenKeys({}, {})).toEqual({ current: undefined, previous: [] });
  await expect(givenKeys({ key: () => "" }, {})).rejects.toMatchObject({ code: "invalid-store-key" });
});

it("takes previous keys also where the current one is in a keyring, and no key from an empty place in their list", async () => {
  const old = generateKey();
  const previousOf = async (AZIDENTITY_CACHE_PREVIOUS_KEYS: string) =>
    (await givenKeys({}, { AZIDENTITY_CACHE_PREVIOUS_KEYS })).previous;
  expect(await previousOf(`${old}, ,`)).toEqual([readKey(old)]);
  expect(await previousOf("")).toEqual([]);
});

import { expect, it } from "vitest";
import { configuredKeys } from "../store-options.ts";
import { generateKey, readKey } from "./keys.ts";

const bytes = Uint8Array.from({ length: 32 }, (_, n) => n * 7);
const hex = Buffer.from(bytes).toString("hex");

it.each([
  ["bytes", bytes],
  ["base64", Buffer.from(bytes).toString("base64")],
  ["base64url", Buffer.from(bytes).toString("base64url")],
  ["hex", hex],
  ["capitals and a line break", `${hex.toUpperCase()}\n`],
])("a key is read from %s", (_, key) => {
  expect(readKey(key).secret.export().toString("hex")).toBe(hex);
  expect(readKey(key).name).toEqual(readKey(bytes).name);
});

it.each<[string, unknown]>([
  ["nothing", ""],
  ["too short", "c4n4ry"],
  ["31 bytes", bytes.subarray(1)],
  ["33 bytes", Buffer.alloc(33).toString("base64")],
  ["invalid base64", `${"c4n4ry!".repeat(6)}c`],
  ["a number", 7],
  ["undefined", undefined],
])("the key %s is refused, and the message does not contain it", (_, key) => {
  expect(() => readKey(key)).toThrow(expect.objectContaining({ code: "invalid-store-key" }));
  expect(() => readKey(key)).not.toThrow(/c4n4ry/);
});

it("keys have different names, which do not contain their bytes", () => {
  const [one, other] = [readKey(generateKey()), readKey(generateKey())];
  expect(one.name).not.toEqual(other.name);
  expect(one.secret.export().includes(Buffer.from(one.name))).toBe(false);
});

it("the key comes from the config, else from the environment, and previous keys from both", async () => {
  const keys = Array.from({ length: 4 }, generateKey) as [string, string, string, string];
  const env = { AZIDENTITY_CACHE_KEY: keys[1], AZIDENTITY_CACHE_PREVIOUS_KEYS: `${keys[2]},${keys[3]}` };
  expect(await configuredKeys({ key: keys[0] }, {})).toEqual({ current: readKey(keys[0]), previous: [] });
  expect(await configuredKeys({}, env)).toEqual({
    current: readKey(keys[1]),
    previous: [keys[2], keys[3]].map(readKey),
  });
  expect(await configuredKeys({ key: async () => keys[0], previousKeys: [keys[1]] }, {})).toEqual({
    current: readKey(keys[0]),
    previous: [readKey(keys[1])],
  });
  expect(await configuredKeys({}, {})).toEqual({ current: undefined, previous: [] });
  await expect(configuredKeys({ key: () => "" }, {})).rejects.toMatchObject({ code: "invalid-store-key" });
});

it("previous keys are read without a current key, and empty items of their list are skipped", async () => {
  const old = generateKey();
  const previousOf = async (AZIDENTITY_CACHE_PREVIOUS_KEYS: string) =>
    (await configuredKeys({}, { AZIDENTITY_CACHE_PREVIOUS_KEYS })).previous;
  expect(await previousOf(`${old}, ,`)).toEqual([readKey(old)]);
  expect(await previousOf("")).toEqual([]);
});

import type { TokenStore } from "@azidentity/core/plugin";
import { createFakeClock, createMemoryStore, testTokenStore } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { generateKey } from "./seal/keys.ts";
import { openSealer, type SealerOptions } from "./seal.ts";

const clock = createFakeClock();
const bytes = (text: string) => new TextEncoder().encode(text);

/** A store of another author, which keeps sealed entries in `inner`. */
async function openStore(inner: TokenStore, options: Partial<SealerOptions>, env = {}): Promise<TokenStore> {
  const { slotOf, seal, open } = await openSealer({ cache: "contoso", ...options }, { env });
  const entryAt = (slot: string, sealed: Uint8Array | undefined) => {
    const entry = sealed && open(slot, sealed);
    return typeof entry === "string" ? undefined : entry;
  };
  return {
    get: async (key) => entryAt(slotOf(key), await inner.get(slotOf(key)))?.value,
    set: (key, value, expiresOnTimestamp) =>
      inner.set(slotOf(key), seal({ key, value, expiresOnTimestamp }), expiresOnTimestamp),
    delete: (key) => inner.delete(slotOf(key)),
    update: (key, change) =>
      inner.update(slotOf(key), async (sealed) => {
        const entry = entryAt(slotOf(key), sealed);
        const value = await change(entry?.value);
        return value && seal({ key, value, expiresOnTimestamp: entry?.expiresOnTimestamp });
      }),
    async *list() {
      for await (const { key: slot, expiresOnTimestamp } of inner.list?.() ?? []) {
        const entry = entryAt(slot, await inner.get(slot));
        if (entry !== undefined) yield { key: entry.key, expiresOnTimestamp };
      }
    },
  };
}

const key = generateKey();

describe("a store of another author with a sealer", () => {
  testTokenStore({ it }, { create: () => openStore(createMemoryStore(clock), { key }), clock });
});

it("openSealer hides the keys and the values of a store", async () => {
  const inner = createMemoryStore(clock);
  await (await openStore(inner, { key })).set("azure-cli", bytes("c4n4ry"));
  for await (const { key: slot } of inner.list?.() ?? []) {
    const stored = `${slot} ${new TextDecoder().decode(await inner.get(slot))}`;
    expect(stored).not.toMatch(/azure-cli|c4n4ry/);
  }
});

it("openSealer reads keys from options and variables, and opens what earlier keys have sealed", async () => {
  const inner = createMemoryStore(clock);
  await (await openStore(inner, { key })).set("name", bytes("value"));
  const env = { AZIDENTITY_CACHE_KEY: generateKey(), AZIDENTITY_CACHE_PREVIOUS_KEYS: key };
  expect(await (await openStore(inner, {}, env)).get("name")).toEqual(Buffer.from("value"));
  expect(await (await openStore(inner, { cache: "another" }, env)).get("name")).toBeUndefined();
});

it.each<[string, Partial<SealerOptions>]>([
  ["no-store-key", {}],
  ["invalid-store-key", { key: "c4n4ry" }],
])("openSealer rejects with %s without a usable key", async (code, options) => {
  const opened = openStore(createMemoryStore(clock), options);
  await expect(opened).rejects.toMatchObject({ code, message: expect.not.stringContaining("c4n4ry") });
});

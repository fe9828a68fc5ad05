/** Damaged caches of other tools and damaged entries: each is read, or left aside; none throws. */
import { damageText } from "@azidentity/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseUnifiedCache, usersOf, withoutRefreshToken, withUser } from "../src/msal/unified-cache.ts";
import { generateKey, readKey } from "../src/seal/keys.ts";
import { claimedExpiry, claimedKey, createSealer } from "../src/seal/sealer.ts";

const runs = { seed: 20_261_129, numRuns: 10_000 };
const damaged = (...texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.nat()).map(([text, seed]) => damageText(text, seed));

const application = { authorityHost: "https://login.microsoftonline.com", clientId: "app" };
const user = { ...application, homeAccountId: "uid.utid" };
const record = {
  authority: "login.windows.net",
  homeAccountId: "uid.utid",
  clientId: "app",
  tenantId: "utid",
  username: "ann@contoso.example",
};
const cache = withUser({ AccessToken: { key: { secret: "a" } }, Future: 7 }, application, {
  record,
  refreshToken: "r1",
});

it("10 000 damaged caches of MSAL each have users with all their fields, and take a new user", () => {
  let found = 0;
  const property = fc.property(damaged(JSON.stringify(cache), JSON.stringify(cache, undefined, 2)), (text) => {
    const parsed = parseUnifiedCache(text) ?? {};
    const users = usersOf(parsed, application);
    found += users.length;
    const texts = users.flatMap(({ record: one, refreshToken }) => [...Object.values(one), refreshToken]);
    if (!texts.every((field) => typeof field === "string" && field !== "")) expect(texts).toEqual([]);
    const added = withUser(parsed, application, { record, refreshToken: "r2" });
    const reread = parseUnifiedCache(JSON.stringify(added)) ?? {};
    const after = withoutRefreshToken(reread, user, "r2");
    if (usersOf(after, application).some(({ refreshToken }) => refreshToken === "r2")) expect(after).toEqual({});
  });
  fc.assert(property, runs);
  expect(found).toBeGreaterThan(500);
});

it("10 000 damaged entries each open as they were sealed, or not at all", () => {
  const keys = [readKey(generateKey()), readKey(generateKey())] as const;
  const sealer = createSealer(keys, "mine");
  const entry = { key: '["azidentity.token.1","azure-cli"]', value: Buffer.from("c4n4ry"), expiresOnTimestamp: 2e12 };
  const slot = sealer.slotOf(entry.key);
  const sealed = Buffer.from(sealer.seal(entry)).toString("latin1");
  const reasons = new Set<unknown>();
  const property = fc.property(damaged(sealed), (text) => {
    const bytes = Buffer.from(text, "latin1");
    const opened = sealer.open(slot, bytes);
    reasons.add(typeof opened === "string" ? opened : "opened");
    if (typeof opened !== "string") expect(opened).toEqual(entry);
    const claims = [claimedExpiry(bytes), claimedKey(bytes)];
    if (!["number", "undefined"].includes(typeof claims[0])) expect(claims).toEqual([]);
  });
  fc.assert(property, runs);
  expect([...reasons].sort()).toEqual(
    expect.arrayContaining(["altered or moved", "of another version", "sealed with another key", "truncated"]),
  );
});

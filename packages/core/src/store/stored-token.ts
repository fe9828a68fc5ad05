import { waitBelowMs } from "../cache/freshness.ts";
import type { IssuedToken, Principal } from "../contract/token.ts";
import { parseJsonObject } from "../util/json.ts";

/** A token stored "in the future" by more than this was stored under another clock. */
const clockToleranceMs = 300_000;

/**
 * What a store keeps of a token. The key is part of it: a store that mixes up its entries, or a
 * server that answers with the value of another, must not make one principal's token another's.
 */
export function encodeToken(key: string, token: IssuedToken, now: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...token, version: 1, key, storedAt: now }));
}

type Stored = Readonly<Partial<Record<keyof IssuedToken | "version" | "key" | "storedAt", unknown>>>;

const isTime = (value: unknown): value is number => Number.isFinite(value);
const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";
const isPrincipal = (value: unknown): value is Principal | undefined =>
  value === undefined || (typeof value === "object" && value !== null && Object.values(value).every(isOptionalText));

/**
 * The token of that key; `undefined` for everything else: of another key or version, of no sound
 * form, or too old to be served.
 */
export function decodeToken(key: string, bytes: Uint8Array, now: number): IssuedToken | undefined {
  const stored: Stored = parseJsonObject(new TextDecoder().decode(bytes)) ?? {};
  if (stored.version !== 1 || stored.key !== key || stored.tokenType !== "Bearer") return undefined;
  const { storedAt, token, expiresOnTimestamp, refreshAfterTimestamp, principal, account } = stored;
  if (typeof token !== "string" || !isPrincipal(principal) || !isOptionalText(account)) return undefined;
  if (!isTime(storedAt) || storedAt > now + clockToleranceMs) return undefined;
  if (!isTime(expiresOnTimestamp) || expiresOnTimestamp - now < waitBelowMs) return undefined;
  if (refreshAfterTimestamp !== undefined && !isTime(refreshAfterTimestamp)) return undefined;
  return { token, expiresOnTimestamp, refreshAfterTimestamp, tokenType: "Bearer", principal, account };
}

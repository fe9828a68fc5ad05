import { jwtPayload } from "@azidentity/core/plugin";
import type { Answer } from "./tool.ts";

/** The largest time of a `Date`. */
const maxTimestampMs = 8.64e15;
const dateTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Milliseconds from seconds since 1970, given as a number or as digits. */
function fromSeconds(value: unknown): number | undefined {
  const isDigits = typeof value === "string" && /^\d{1,12}(\.\d+)?$/.test(value);
  const seconds = typeof value === "number" || isDigits ? Number(value) : Number.NaN;
  const ms = Math.trunc(seconds) * 1000;
  return ms > 0 && ms <= maxTimestampMs ? ms : undefined;
}

function offsetMs(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/**
 * A time as text. Without a zone it is the local time of this machine: an hour that the clock shows
 * twice counts as the first of the two, so that a token expires too early rather than too late.
 */
function fromText(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const net = /^\/Date\((\d{1,15})[^)]*\)\/$/.exec(text)?.[1];
  if (net !== undefined) return Number(net);
  const parts = dateTime.exec(text.trim());
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const zone = parts[8];
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second).getTime();
  return Date.UTC(year, month - 1, day, hour, minute, second) - offsetMs(zone);
}

/**
 * When a token expires, in milliseconds since 1970: the tool's number, else the `exp` of the token,
 * else the tool's text.
 */
export function expiryOf({ token, expiresOn, expiresText }: Answer): number | undefined {
  return fromSeconds(expiresOn) ?? fromSeconds(jwtPayload(token)?.exp) ?? fromText(expiresText);
}

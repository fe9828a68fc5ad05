import type { Fields } from "./host.ts";

/** 2001-01-01 in seconds since 1970. Smaller numbers are lifetimes, not points in time. */
const minTimestampSeconds = 978_307_200;
/** Larger numbers are milliseconds by mistake. */
const maxTimestampSeconds = 1_000_000_000_000;

function whole(value: unknown): number | undefined {
  const digits =
    typeof value === "number" || typeof value === "string" ? /^\d{1,15}$/.exec(String(value).trim()) : null;
  return digits === null ? undefined : Number(digits[0]);
}

/** Milliseconds since 1970, from a point in time in seconds or, as some hosts write, a lifetime. */
function fromSeconds(value: unknown, start: number): number | undefined {
  const seconds = whole(value);
  if (seconds === undefined || seconds > maxTimestampSeconds) return undefined;
  return seconds >= minTimestampSeconds ? seconds * 1_000 : start + seconds * 1_000;
}

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP]M))? ([+-])(\d{2}):(\d{2})$/;

/** `1/2/2006 3:04:05 PM +00:00`, the form of App Service in 2017, with or without AM and PM. */
function fromAmerican(text: string): number | undefined {
  const found = american.exec(text);
  if (found === null) return undefined;
  const [month, day, year, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [half, sign, offsetHours, offsetMinutes] = found.slice(7);
  if (month > 12 || day > 31 || hour > (half === undefined ? 23 : 12)) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (half === "PM" ? 12 : 0);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -1 : 1);
  return Date.UTC(year, month - 1, day, hours, minute - offset, second);
}

/** Text without a zone is ignored: it would mean another time on each machine. */
function fromText(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const time = iso.test(text) ? Date.parse(text) : fromAmerican(text);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/**
 * When a token expires, in milliseconds since 1970; `undefined` when the response holds no valid
 * time. Hosts write it in five forms.
 *
 * @param start milliseconds since 1970 when the request was sent; a lifetime starts there
 */
export function readExpiry(fields: Fields, start: number): number | undefined {
  const { expires_on: on, expires_in: within } = fields;
  const time = fromSeconds(on, start) ?? fromText(on);
  if (time !== undefined) return time;
  if ((whole(on) ?? 0) > maxTimestampSeconds) return undefined; // expires_in of such a host is not reliable either
  const lifetime = whole(within);
  return lifetime === undefined || lifetime === 0 || lifetime > minTimestampSeconds
    ? undefined
    : start + lifetime * 1_000;
}

/**
 * Tokens that live longer are refreshed after half of their lifetime: the host often has a new
 * token long before the old one expires.
 */
const longLifetimeMs = 2 * 3_600_000;

/**
 * When to refresh, in milliseconds since 1970: the time in the response, else half of a long
 * lifetime.
 */
export function readRefresh(fields: Fields, start: number, expires: number): number | undefined {
  const lifetime = whole(fields.refresh_in);
  const reported =
    fromSeconds(fields.refresh_on, start) ?? (lifetime === undefined ? undefined : start + lifetime * 1_000);
  if (reported !== undefined && reported > start && reported < expires) return reported;
  return expires - start > longLifetimeMs ? start + (expires - start) / 2 : undefined;
}

import type { Fields } from "./host.ts";

/** 2001-01-01 in seconds: what is less is no point in time but a lifetime. */
const leastTime = 978_307_200;
/** Seconds never get there; milliseconds by mistake do. */
const mostTime = 1_000_000_000_000;

function whole(value: unknown): number | undefined {
  const digits =
    typeof value === "number" || typeof value === "string" ? /^\d{1,15}$/.exec(String(value).trim()) : null;
  return digits === null ? undefined : Number(digits[0]);
}

/** A point in time in seconds, or a lifetime where a host writes that instead. */
function fromSeconds(value: unknown, start: number): number | undefined {
  const seconds = whole(value);
  if (seconds === undefined || seconds > mostTime) return undefined;
  return seconds >= leastTime ? seconds * 1_000 : start + seconds * 1_000;
}

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP]M))? ([+-])(\d{2}):(\d{2})$/;

/** `1/2/2006 3:04:05 PM +00:00`, as App Service wrote it in 2017; with or without AM and PM. */
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

/** Text without a zone is not read: it would mean another time on each machine. */
function fromText(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const time = iso.test(text) ? Date.parse(text) : fromAmerican(text);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/**
 * When a token expires, milliseconds since 1970; `undefined` when the answer does not say. Hosts write it in five ways.
 *
 * @param start when the request was sent: a lifetime counts from there
 */
export function readExpiry(fields: Fields, start: number): number | undefined {
  const { expires_on: on, expires_in: within } = fields;
  const time = fromSeconds(on, start) ?? fromText(on);
  if (time !== undefined) return time;
  if ((whole(on) ?? 0) > mostTime) return undefined; // whoever errs there errs elsewhere
  const lifetime = whole(within);
  return lifetime === undefined || lifetime === 0 || lifetime > leastTime ? undefined : start + lifetime * 1_000;
}

/** Lifetimes above this are worth a refresh at their half: the host may have a fresh token long before the old one dies. */
const longLife = 2 * 3_600_000;

/** When to refresh: what the answer says, else half of a long life. */
export function readRefresh(fields: Fields, start: number, expires: number): number | undefined {
  const lifetime = whole(fields.refresh_in);
  const said = fromSeconds(fields.refresh_on, start) ?? (lifetime === undefined ? undefined : start + lifetime * 1_000);
  if (said !== undefined && said > start && said < expires) return said;
  return expires - start > longLife ? start + (expires - start) / 2 : undefined;
}

import { decodeJwt } from "jose";
import type { JsonObject } from "../http/message.ts";

interface Lifetime {
  /** Seconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresOn: number;
}

/** The formats of expiry that hosts were observed to return, and some invalid ones. */
const formats = {
  seconds: ({ expiresOn }: Lifetime) => ({ expires_on: expiresOn }),
  "seconds-text": ({ expiresOn }: Lifetime) => ({ expires_on: String(expiresOn) }),
  "iso-8601": ({ expiresOn }: Lifetime) => ({
    expires_on: new Date(expiresOn * 1000).toISOString().replace(".000", ""),
  }),
  "us-date": ({ expiresOn }: Lifetime) => ({ expires_on: toUsDate(expiresOn, true) }),
  "us-date-24-hour": ({ expiresOn }: Lifetime) => ({ expires_on: toUsDate(expiresOn, false) }),
  "expires-in": ({ expiresOn, now }: Lifetime) => ({ expires_in: expiresOn - now }),
  "expires-in-text": ({ expiresOn, now }: Lifetime) => ({ expires_in: String(expiresOn - now) }),
  /** Remaining seconds in the field of a timestamp. */
  relative: ({ expiresOn, now }: Lifetime) => ({ expires_on: String(expiresOn - now) }),
  milliseconds: ({ expiresOn }: Lifetime) => ({ expires_on: String(expiresOn * 1000) }),
  past: ({ now }: Lifetime) => ({ expires_on: String(now - 1) }),
  none: () => ({}),
};

export type ExpiryFormat = keyof typeof formats;

export const expiryFormats: readonly string[] = Object.keys(formats);

/** The fields with the expiry of the token in `body`, in this format only. */
export function formatExpiry(format: ExpiryFormat, body: JsonObject, now: number): JsonObject {
  const { exp: expiresOn = 0 } = decodeJwt(String(body.access_token));
  return {
    expires_on: undefined,
    expires_in: undefined,
    ext_expires_in: undefined,
    ...formats[format]({ now, expiresOn }),
  };
}

/** `1/2/2006 3:04:05 PM +00:00`, or `1/2/2006 15:04:05 +00:00`. */
function toUsDate(seconds: number, halfDays: boolean): string {
  const date = new Date(seconds * 1000);
  const hours = date.getUTCHours();
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const time = `${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  if (!halfDays) return `${day} ${hours}:${time} +00:00`;
  return `${day} ${hours % 12 || 12}:${time} ${hours < 12 ? "AM" : "PM"} +00:00`;
}
